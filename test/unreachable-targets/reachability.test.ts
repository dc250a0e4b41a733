/** The state of a target that could not be reached: each arrow of its drawing, and what must not be one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Reachability } from '../../plugins/unreachable-targets/reachability.ts'

const pause = 1000

/** One that a failure at 0 has closed. */
function unreachable (): Reachability {
  const state = new Reachability(pause)
  state.failed(state.enter(0, 0), 'connection-refused', 0, 0)
  return state
}

test('one failed connection closes it for its time, and then one attempt at a time tries it', () => {
  const state = unreachable()
  assert.deepEqual([state.name, state.permits(0, pause - 1), state.permits(0, pause)], ['unreachable', false, true])
  assert.deepEqual(state.describe(0, 1), { state: 'unreachable', why: 'connection-refused', opensAt: pause })
  const ticket = state.enter(0, pause)
  assert.deepEqual([state.name, state.permits(0, pause)], ['trying', false])
  state.failed(ticket, 'connect-timeout', 0, pause + 10)
  assert.deepEqual([state.name, state.permits(0, 2 * pause + 9), state.permits(0, 2 * pause + 10)], ['unreachable', false, true])
})

test('an answer to the attempt that tries opens it', () => {
  const state = unreachable()
  state.answered(state.enter(0, pause))
  assert.deepEqual([state.name, state.permits(0, pause)], ['reachable', true])
})

test('a connection that is opened opens it, long before there is an answer', () => {
  const state = unreachable()
  state.enter(0, pause)
  assert.equal(state.permits(1, pause + 1), true)
  state.enter(1, pause + 1)
  assert.equal(state.name, 'reachable')
})

test('an attempt that ends without saying anything frees its place at once; one that is never heard of does in time', () => {
  const state = unreachable()
  state.ended(state.enter(0, pause), pause + 1)
  assert.equal(state.permits(0, pause + 1), true)
  state.enter(0, pause + 1)
  assert.deepEqual([state.permits(0, 2 * pause), state.permits(0, 2 * pause + 1)], [false, true])
})

test('what began before the state changed is not heard', () => {
  const state = new Reachability(pause)
  const [first, second, third] = [state.enter(0, 0), state.enter(0, 0), state.enter(0, 0)]
  state.failed(first, 'connection-refused', 0, 0)
  state.answered(second)
  assert.equal(state.name, 'unreachable', 'an answer that was under way opens nothing')
  state.answered(state.enter(0, pause))
  state.failed(third, 'connect-timeout', 0, pause)
  assert.equal(state.name, 'reachable', 'a connection that was given up later closes nothing')
})

test('attempts that had no other choice do not put off the next try, and open it when they are answered', () => {
  const state = unreachable()
  state.failed(state.enter(0, 500), 'connection-refused', 0, 500)
  assert.equal(state.permits(0, pause), true)
  state.answered(state.enter(0, 600))
  assert.equal(state.name, 'reachable')
})

test('a target that was found well by other means is tried at once', () => {
  const state = unreachable()
  state.recovered(5)
  assert.equal(state.permits(0, 5), true)
  assert.equal(state.copy().permits(0, 5), true)
})

test('whatever happens, it is closed for no longer than its time after the last thing that entered or failed', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 600 }), does: fc.constantFrom('enter', 'fail', 'answer', 'end', 'open', 'recover') })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const state = new Reachability(pause)
    const out: number[] = []
    let now = 0
    let opened = 0
    for (const { wait, does } of steps) {
      now += wait
      const ticket = out.length === 0 ? 0 : out[Math.floor(out.length / 2)]!
      if (does === 'enter') out.push(state.enter(opened, now))
      else if (does === 'fail') state.failed(ticket, 'dns-error', opened, now)
      else if (does === 'answer') state.answered(ticket)
      else if (does === 'end') state.ended(ticket, now)
      else if (does === 'open') opened++
      else state.recovered(now)
      assert.ok(state.permits(opened, now + pause), 'never closed for longer')
      assert.ok(state.name !== 'reachable' || state.permits(opened, now))
      assert.equal(state.describe(opened, now).state === 'unreachable', !state.permits(opened, now) && state.name === 'unreachable')
      assert.deepEqual(state.copy().describe(opened, now), state.describe(opened, now))
    }
  }))
})
