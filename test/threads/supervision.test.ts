/** When threads are replaced, when one counts as silent, and what all of them see. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ThreadBoard } from '../../src/threads/board.ts'
import { Restarts } from '../../src/threads/restarts.ts'
import { SilenceWatch } from '../../src/threads/silence.ts'
import { Turns } from '../../src/threads/turns.ts'

test('a thread that dies is replaced at once, later and later when it dies again, and at last not any more', () => {
  const restarts = new Restarts()
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(at => restarts.died(1, at * 1000)), [0, 250, 500, 1000, 2000, 4000, undefined])
  assert.equal(restarts.died(2, 7000), 0, 'another thread')
})

test('deaths of more than a minute ago do not count', () => {
  const restarts = new Restarts()
  for (let times = 0; times < 100; times++) assert.equal(restarts.died(1, times * 60_000), 0)
})

test('a thread is silent when its beat has not changed for so many looks, which is told once', () => {
  const watch = new SilenceWatch()
  const look = (first: number, second: number) => watch.look(new Map([[1, first], [2, second]]), 2)
  assert.deepEqual(look(10, 20), [])
  assert.deepEqual(look(11, 20), [])
  assert.deepEqual(look(12, 20), [{ thread: 2, silent: true }])
  assert.deepEqual([watch.isSilent(1, 2), watch.isSilent(2, 2)], [false, true])
  assert.deepEqual(look(13, 20), [])
  assert.deepEqual(look(14, 21), [{ thread: 2, silent: false }])
  assert.equal(watch.isSilent(2, 2), false)
})

test('a thread that has gone is forgotten, and one that comes in its place begins anew', () => {
  const watch = new SilenceWatch()
  for (let times = 0; times < 3; times++) watch.look(new Map([[1, 5]]), 2)
  assert.deepEqual(watch.look(new Map(), 2), [])
  assert.deepEqual(watch.look(new Map([[1, 5]]), 2), [])
  assert.equal(watch.isSilent(1, 2), false)
})

test('what one thread writes on the board, all others see', () => {
  const control = ThreadBoard.create(3)
  const second = new ThreadBoard(control.buffer)
  control.generation = 4
  control.draining = true
  second.report(2, { inFlight: 3, tunnels: 2, connections: 9, lingering: 1 })
  assert.deepEqual([second.generation, second.draining], [4, true])
  assert.deepEqual(control.loadOf(2), { inFlight: 3, tunnels: 2, connections: 9, lingering: 1 })
  assert.notEqual(control.beatOf(2), control.beatOf(1))
  control.died(2)
  assert.deepEqual(control.loadOf(2), { inFlight: 0, tunnels: 0, connections: 0, lingering: 0 })
})

test('what has several steps is not interrupted, whatever becomes of what is before it', async () => {
  const turns = new Turns()
  const steps: string[] = []
  const end = await turns.begin()
  const failing = turns.run(async () => { steps.push('second'); await Promise.reject(new Error('no')) })
  const last = turns.run(async () => { steps.push('third'); await Promise.resolve() })
  steps.push('first')
  end()
  await assert.rejects(failing, /no/)
  await last
  assert.deepEqual(steps, ['first', 'second', 'third'])
})
