/** What threads of tests do with memory that they share. */

import type { CountsDefinition, StateTable, TableDefinition } from '../../src/contract/state.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { ThreadContext } from '../helpers/threads.ts'

export const counted: TableDefinition = { kind: 'counted', key: '', table: { rows: 50_000, cells: [-Infinity, 0] } }
/** So many that the table grows while threads use it. */
export const manyKeys = 4000
export const openKeys: CountsDefinition = { kind: 'open', key: '', keys: 100 }

interface Shared {
  readonly buffer: SharedArrayBuffer
}

/** The memory of a thread of the helper `inThreads`. */
function memoryOf ({ buffer }: Shared, { index }: ThreadContext): SharedMemory {
  return SharedMemory.attach(buffer, index + 1)
}

/** What a thread has seen. */
export interface Hammered {
  /** How often it entered the key whose count is limited. */
  readonly entered: number
  /** How often state of its own had been changed by another thread, or common state was not what all make it. */
  readonly mixedUp: number
}

/** Does everything that threads do with shared memory, so many times, and leaves one key entered. */
export function hammer (input: Shared & { readonly times: number, readonly most: number }, context: ThreadContext): Hammered {
  const memory = memoryOf(input, context)
  const { times } = input
  addWithLock(memory, times)
  const table = memory.table('["table",""]', counted)
  for (let time = 0; time < times; time++) {
    charge(table, 'one')
    charge(table, `key ${time % manyKeys}`)
  }
  addToCounts(memory, times)
  const limited = memory.counts('["limited",""]', openKeys)
  let entered = 0
  for (let time = 0; time < times; time++) if (limited.enter('one', input.most) !== undefined) entered++
  return { entered, mixedUp: comeAndGo(memory, context.index, times / 10) }
}

function addWithLock (memory: SharedMemory, times: number): void {
  const cells = memory.cells('["cells",""]', [0])
  const lock = memory.lock('["lock",""]')
  for (let time = 0; time < times; time++) {
    lock.acquire()
    lock.acquire()
    cells[0]!++
    lock.release()
    lock.release()
  }
}

function charge (table: StateTable, key: string): void {
  table.acquire(key)
  const { cells, at } = table.find(key) ?? table.add(key)
  cells[at] = Infinity
  cells[at + 1]!++
  table.release()
}

/** Adds, and takes all but the first back. */
function addToCounts (memory: SharedMemory, times: number): void {
  const count = memory.count('["count",""]')
  const counts = memory.counts('["counts",""]', openKeys)
  for (let time = 0; time < times; time++) {
    count.add(2 ** 29)
    const entered = counts.enter(`key ${time % 7}`, Infinity)!
    if (time === 0) continue
    count.add(-(2 ** 29))
    counts.leave(entered)
  }
}

/** Takes and lets go of state of changing identities and sizes. */
function comeAndGo (memory: SharedMemory, index: number, times: number): number {
  let mixedUp = 0
  for (let time = 0; time < times; time++) {
    const own = `["own","${index} ${time}"]`
    const common = `["common","${time % 5}"]`
    const cells = memory.cells(own, Array.from({ length: 1 + time % 40 }, () => index))
    const others = memory.cells(common, [time % 5])
    if (others[0] !== time % 5 || cells.some(value => value !== index)) mixedUp++
    memory.release(own)
    memory.release(common)
  }
  return mixedUp
}

/** Holds a lock, a key and counts, until it is killed. */
export function holdEverything (input: Shared, context: ThreadContext): void {
  const memory = memoryOf(input, context)
  memory.cells('["left",""]', [7])
  memory.count('["count",""]').add(5)
  const counts = memory.counts('["counts",""]', openKeys)
  counts.enter('one', 10)
  counts.enter('one', 10)
  memory.table('["table",""]', counted).acquire('key 0')
  memory.lock('["lock",""]').acquire()
  context.say('holds')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** Uses everything, in turn, until it is killed. Says when it has begun. */
export function useEverything (input: Shared, context: ThreadContext): void {
  const memory = memoryOf(input, context)
  const count = memory.count('["count",""]')
  const counts = memory.counts('["counts",""]', openKeys)
  const table = memory.table('["table",""]', counted)
  const lock = memory.lock('["lock",""]')
  const pair = memory.cells('["pair",""]', [0, 0])
  context.say('uses')
  for (let time = 0; ; time++) {
    const key = `key ${time % 50}`
    lock.acquire()
    pair[0]!++
    pair[1] = pair[0]!
    lock.release()
    count.add(1)
    const entered = counts.enter(key, 100)
    const one = `key ${(time + context.index * 1000) % manyKeys}`
    table.acquire(one)
    if (table.find(one) === undefined) table.add(one)
    else if (time % 3 === 0) table.remove(one)
    table.release()
    memory.cells(`["own","${context.index} ${time % 100}"]`, [time])
    memory.release(`["own","${context.index} ${(time + 50) % 100}"]`)
    count.add(-1)
    if (entered !== undefined) counts.leave(entered)
  }
}
