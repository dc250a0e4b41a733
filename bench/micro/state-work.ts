/** The operations of `state.ts`, in whatever thread. */

import { LocalMemory } from '../../src/state/local-memory.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'
import type { ThreadContext } from '../../test/helpers/threads.ts'
import { median } from '../statistics.ts'

export interface StateWork {
  readonly operation: string
  /** The memory of several threads; undefined for that of one. */
  readonly buffer: SharedArrayBuffer | undefined
}

/** Takes what operations give back, so that none is optimised away. */
const kept: { value: unknown } = { value: undefined }

const rounds = 15
const times = 200_000

/** Makes what is called so many times. */
type Operation = (memory: StateMemory) => (index: number) => unknown

export const operations: Readonly<Record<string, Operation>> = {
  'lock and unlock': memory => {
    const lock = memory.lock('["lock",""]')
    return () => {
      lock.acquire()
      lock.release()
    }
  },
  'change a cell with its lock': memory => {
    const lock = memory.lock('["lock",""]')
    const cells = memory.cells('["cells",""]', [0])
    return () => {
      lock.acquire()
      cells[0]!++
      lock.release()
    }
  },
  'count up and down': memory => {
    const count = memory.count('["count",""]')
    return () => {
      count.add(1)
      count.add(-1)
    }
  },
  'read a count': memory => {
    const count = memory.count('["count",""]')
    return () => count.value
  },
  'enter and leave, of 1000 keys': memory => {
    const counts = memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 10_000 })
    const keys = keysOf(1000)
    return index => { counts.leave(counts.enter(keys[index % 1000]!, 100)!) }
  },
  'charge a row, of 1 key': charging(1),
  'charge a row, of 1000 keys': charging(1000),
  'charge a row, of 1000000 keys': charging(1_000_000)
}

function charging (count: number): Operation {
  return memory => {
    const table = memory.table('["table",""]', { kind: 'table', key: '', table: { rows: Math.max(count, 64), cells: [-Infinity, 0] } })
    const keys = keysOf(count)
    const charge = (index: number): void => {
      const key = keys[index % count]!
      table.acquire(key)
      const { cells, at } = table.find(key) ?? table.add(key)
      cells[at] = Infinity
      cells[at + 1]!++
      table.release()
    }
    for (let index = 0; index < count; index++) charge(index)
    // Another order than that in which they came, in which their rows may lie.
    return index => { charge(index * 7919) }
  }
}

function keysOf (count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `i10.${index >> 16}.${index >> 8 & 255}.${index & 255}`)
}

/** Nanoseconds of the processor for an operation: the median of many rounds. Waiting for another thread counts as long as it spins. */
export function measureState ({ operation, buffer }: StateWork, { index }: ThreadContext): number {
  const once = operations[operation]!(buffer === undefined ? new LocalMemory() : SharedMemory.attach(buffer, index + 1))
  const costs = Array.from({ length: rounds }, (_, round) => {
    const before = process.threadCpuUsage()
    for (let time = round * times; time < (round + 1) * times; time++) kept.value = once(time)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) * 1000 / times
  })
  return median(costs.slice(rounds / 3))
}
