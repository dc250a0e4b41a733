/** What a decision costs in memory that threads share, and how many threads decide at once: `node bench/micro/take-in-threads.ts` */

import { algorithms } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { inThreads } from '../../test/helpers/threads.ts'
import type { Taking } from './taking.ts'

const module = import.meta.resolve('./taking.ts')

/** Columns: one thread with memory of its own, then so many threads that share memory. */
const threads = [1, 2]

print('ns for each decision', ['alone', ...threads.map(count => `${count} sharing`)])
for (const algorithm of algorithms) {
  for (const keys of [1, 1000, 1_000_000]) {
    const measured = [await measure({ buffer: undefined, algorithm, keys }, 1)]
    for (const count of threads) measured.push(await measure({ buffer: SharedMemory.create(count + 1).buffer, algorithm, keys }, count))
    print(`${algorithm}, ${keys} keys`, measured.map(ns => ns.toFixed(0)))
  }
}

function print (what: string, columns: readonly string[]): void {
  console.log(`${what.padEnd(30)} ${columns.map(text => text.padStart(10)).join('')}`)
}

/** The mean of all threads. */
async function measure (taking: Taking, count: number): Promise<number> {
  const results = await inThreads<number>(count, module, 'nanoseconds', taking)
  return results.reduce((sum, ns) => sum + ns, 0) / count
}
