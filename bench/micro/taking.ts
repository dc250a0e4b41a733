/** What a thread of take-in-threads.ts does. */

import { compileRules, type TimeAlgorithm } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import { freshState } from '../../plugins/policies/rate-limiting/rule.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { ThreadContext } from '../../test/helpers/threads.ts'
import { median } from '../statistics.ts'

export interface Taking {
  /** Undefined: memory of this thread alone. */
  readonly buffer: SharedArrayBuffer | undefined
  readonly algorithm: TimeAlgorithm | 'concurrency'
  readonly keys: number
}

const rounds = 15
/** Rounds in which the code is compiled, and so not counted. */
const young = 5
const times = 100_000

/** Nanoseconds of the processor for one decision: the median of many rounds, behind one in which all keys get their rows. */
export function nanoseconds ({ buffer, algorithm, keys }: Taking, { index }: ThreadContext): number {
  const memory = buffer === undefined ? new LocalMemory() : SharedMemory.attach(buffer, index + 1)
  const names = Array.from({ length: keys }, (_, key) => `i10.${key >> 16}.${key >> 8 & 255}.${key & 255}`)
  const take = algorithm === 'concurrency' ? entering(memory, keys) : taking(memory, algorithm, keys)
  for (const name of names) take(name)
  let key = index
  const durations = Array.from({ length: rounds }, () => {
    // Of this thread, so that others who want its core do not count.
    const from = process.threadCpuUsage()
    for (let time = 0; time < times; time++) take(names[key = (key + 7919) % keys]!)
    const { user, system } = process.threadCpuUsage(from)
    return (user + system) * 1000 / times
  })
  return median(durations.slice(young))
}

function taking (memory: StateMemory, algorithm: TimeAlgorithm, keys: number): (key: string) => unknown {
  const rules = compileRules(algorithm, [{ limit: 1_000_000_000, window: 1000 }], undefined)
  const table = memory.table('["limit"]', { kind: 'limit', key: '', table: { rows: keys, cells: freshState(rules) } })
  const now = (): number => performance.now()
  return key => takeLocally(table, rules, key, 1, now)
}

function entering (memory: StateMemory, keys: number): (key: string) => unknown {
  const progress = memory.counts('["progress"]', { kind: 'progress', key: '', keys })
  return key => progress.leave(progress.enter(key, 1_000_000)!)
}
