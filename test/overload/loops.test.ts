/** Which event loops a thread knows, and which of them counts. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Loops } from '../../plugins/core/overload/loops.ts'
import { Shedding } from '../../plugins/core/overload/shedding.ts'
import { alone, type Threads } from '../../src/contract/threads.ts'

/** Delays that a level of so many follows from. */
function lag (shedding: Shedding, level: number): void {
  for (const now of [0, 500]) shedding.observe(100 * 2 ** (level - 1), now)
}

function loops (threads: Threads): Loops {
  return new Loops(threads, () => new Shedding({ eventLoopDelay: 100, calmFor: 1000 }))
}

for (const threads of [alone, { role: 'data', number: 2, count: 3 } as const]) {
  test(`a thread that is ${threads.role} sheds because of its own event loop`, () => {
    const { own, all } = loops(threads)
    assert.deepEqual([...all], [[threads.number, own]])
  })
}

test('the level of a thread follows its delays', () => {
  const one = loops({ role: 'data', number: 2, count: 3 })
  lag(one.own!, 2)
  assert.equal(one.level, 2)
})

test('the control thread sheds nothing itself, and shows and foresees what the others do', () => {
  const control = loops({ role: 'control', number: 0, count: 3 })
  assert.deepEqual([control.own, [...control.all.keys()], control.level], [undefined, [1, 2, 3], 0])
  lag(control.all.get(2)!, 3)
  lag(control.all.get(3)!, 1)
  assert.deepEqual([...control.all.values()].map(({ level }) => level), [0, 3, 1])
  assert.equal(control.level, 3)
})
