/** What threads of tests do with shared memory. */

import type { TableDefinition } from '../../src/contract/state.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { ThreadContext } from '../helpers/threads.ts'

export interface Hammering {
  readonly buffer: SharedArrayBuffer
  readonly times: number
}

export const counted: TableDefinition = { kind: 'counted', key: '', table: { rows: 1000, cells: [-Infinity, 0] } }

/** The memory of a thread of {@link inThreads}. */
function memoryOf ({ buffer }: Hammering, { index }: ThreadContext): SharedMemory {
  return SharedMemory.attach(buffer, index + 1)
}

/** Adds to a cell with its lock, which it also acquires twice. */
export function addWithLock (input: Hammering, context: ThreadContext): void {
  const memory = memoryOf(input, context)
  const cells = memory.cells('["cells",""]', [0])
  const lock = memory.lock('["lock",""]')
  for (let time = 0; time < input.times; time++) {
    lock.acquire()
    lock.acquire()
    cells[0]!++
    lock.release()
    lock.release()
  }
}

/** Charges keys of a table, each the same number of times. */
export function chargeKeys (input: Hammering & { readonly keys: number }, context: ThreadContext): void {
  const table = memoryOf(input, context).table('["table",""]', counted)
  for (let time = 0; time < input.times; time++) {
    const key = `key ${time % input.keys}`
    table.acquire(key)
    const { cells, at } = table.find(key) ?? table.add(key)
    cells[at] = Infinity
    cells[at + 1]!++
    table.release()
  }
}

/** Adds to counts and takes all but one back. */
export function addToCounts (input: Hammering, context: ThreadContext): void {
  const memory = memoryOf(input, context)
  const count = memory.count('["count",""]')
  const counts = memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
  for (let time = 0; time < input.times; time++) {
    count.add(2 ** 29)
    const counted = counts.enter(`key ${time % 7}`, Infinity)!
    if (time === 0) continue
    count.add(-(2 ** 29))
    counts.leave(counted)
  }
}

/** Enters as often as it may. Returns how often. */
export function enterLimited (input: Hammering & { readonly most: number }, context: ThreadContext): number {
  const counts = memoryOf(input, context).counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
  let entered = 0
  for (let time = 0; time < input.times; time++) if (counts.enter('one', input.most) !== undefined) entered++
  return entered
}

/** Takes and releases state of changing identities, and looks that nobody else writes into what it has. */
export function churn (input: Hammering, context: ThreadContext): number {
  const memory = memoryOf(input, context)
  let wrong = 0
  for (let time = 0; time < input.times; time++) {
    const id = `["own","${context.index} ${time}"]`
    const cells = memory.cells(id, Array.from({ length: 1 + time % 40 }, () => context.index))
    const shared = `["shared","${time % 5}"]`
    const others = memory.cells(shared, [time % 5])
    if (others[0] !== time % 5 || cells.some(value => value !== context.index)) wrong++
    memory.release(id)
    memory.release(shared)
  }
  return wrong
}

/** Dies while it has a lock, the set of a key, and counts. */
export function holdEverything (input: Hammering, context: ThreadContext): void {
  const memory = memoryOf(input, context)
  memory.cells('["left",""]', [7])
  memory.count('["count",""]').add(5)
  const counts = memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
  counts.enter('one', 10)
  counts.enter('one', 10)
  memory.table('["table",""]', counted).acquire('key 0')
  memory.lock('["lock",""]').acquire()
  context.say('holds')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
