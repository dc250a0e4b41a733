/** What state costs, in the memory of one thread and in that of several: `node bench/micro/state.ts` */

import { inThreads } from '../../test/helpers/threads.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { operations, type StateWork } from './state-work.ts'

const module = import.meta.resolve('./state-work.ts')

for (const operation of Object.keys(operations)) {
  await print(operation, 'one thread, memory of one', 1, undefined)
  await print(operation, 'one thread, memory of several', 1, SharedMemory.create(3).buffer)
  await print(operation, 'two threads, memory of several', 2, SharedMemory.create(3).buffer)
}

/** Prints nanoseconds per operation of each thread: the slowest thread counts. */
async function print (operation: string, where: string, threads: number, buffer: SharedArrayBuffer | undefined): Promise<void> {
  const work: StateWork = { operation, buffer }
  const costs = await inThreads<number>(threads, module, 'measureState', work)
  console.log(`${operation}, ${where}`.padEnd(64), Math.max(...costs).toFixed(0).padStart(6), 'ns')
}
