/** Who may try a target that could not be reached: each arrow of the drawing, and what must not be one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DialFailure } from '../../src/contract/target.ts'
import { Reachability, reachabilityCells } from '../../plugins/core/unreachable-targets/reachability.ts'
import { reasons } from '../../src/contract/errors.ts'
import { KeptLoad, loadCells } from '../../src/upstream/target-load.ts'

const pause = 1000

/** A state, and a copy of it as it is by then. */
function copied (): { readonly state: Reachability, readonly copy: () => Reachability } {
  const cells = Float64Array.from(reachabilityCells)
  return { state: new Reachability(pause, cells), copy: () => new Reachability(pause, cells.slice()) }
}
const failure: DialFailure = { at: 0, since: 0, why: 'connection-refused' }

test('one failed connection closes it for its time, and then one attempt at a time tries it', () => {
  const state = new Reachability(pause)
  assert.deepEqual([state.permits(undefined, 0), state.permits(failure, pause - 1), state.permits(failure, pause)], [true, false, true])
  assert.deepEqual(state.describe(failure, 1), { state: 'unreachable', why: 'connection-refused', since: 0, opensAt: pause })
  state.enter(failure, pause)
  assert.deepEqual([state.permits(failure, pause), state.describe(failure, pause).state], [false, 'trying'])
  const again = { at: pause + 10, since: 0, why: 'connect-timeout' }
  assert.deepEqual(
    [state.permits(again, 2 * pause + 9), state.permits(again, 2 * pause + 10), state.permits(undefined, pause + 11)],
    [false, true, true]
  )
})

test('an attempt that ends frees the place at once; one that is never heard of does in time', () => {
  const state = new Reachability(pause)
  state.ended(state.enter(failure, pause))
  assert.equal(state.permits(failure, pause), true)
  state.enter(failure, pause + 1)
  assert.deepEqual([state.permits(failure, 2 * pause), state.permits(failure, 2 * pause + 1)], [false, true])
})

test('the end of an attempt that tries nothing frees no place, nor does that of one that tried before', () => {
  const state = new Reachability(pause)
  const stray = state.enter(undefined, 0)
  const overruled = state.enter(failure, 500)
  const old = state.enter(failure, pause)
  state.enter(failure, 2 * pause)
  for (const ticket of [stray, overruled, old]) state.ended(ticket)
  assert.equal(state.permits(failure, 2 * pause + 1), false)
})

test('an attempt that goes there although it is closed tries nothing, and no rehearsal ends what another attempt tries', () => {
  const { state, copy } = copied()
  state.enter(failure, 500)
  assert.equal(state.permits(failure, pause), true)
  state.enter(failure, pause)
  const rehearsed = copy()
  rehearsed.ended(rehearsed.enter(undefined, pause))
  assert.deepEqual([state.permits(failure, pause), rehearsed.permits(failure, pause)], [false, false])
})

test('what it shows tells a try that is under way from one that is to come, and a probe makes room for the next', () => {
  const state = new Reachability(pause)
  assert.match(state.describe(failure, pause).why!, /^connection-refused; the next request tries/)
  state.enter(failure, pause)
  assert.match(state.describe(failure, pause).why!, /one request is on its way/)
  state.recovered(pause)
  assert.equal(state.permits(failure, pause), true)
})

test('a target that was found well by other means is tried at once, and not after it has failed again', () => {
  const { state, copy } = copied()
  state.recovered(5)
  assert.deepEqual(
    [state.permits(failure, 5), copy().permits(failure, 5), state.permits({ ...failure, at: 6 }, 7)],
    [true, true, false]
  )
})

test('whatever happens, no wait is longer than twice its time after the last failure, and a rehearsal sees the same', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 600 }), does: fc.constantFrom('enter', 'fail', 'reach', 'end', 'recover') })
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
    const { state, copy } = copied()
    let last: DialFailure | undefined
    let now = 0
    const tickets = [0]
    for (const { wait, does } of steps) {
      now += wait
      if (does === 'enter') tickets.push(state.enter(last, now))
      else if (does === 'fail') last = { at: now, since: last?.since ?? now, why: 'dns-error' }
      else if (does === 'reach') last = undefined
      else if (does === 'end') state.ended(tickets[Math.floor(tickets.length / 2)]!)
      else state.recovered(now)
      assert.ok(state.permits(last, now + pause))
      assert.equal(state.describe(last, now).state === 'reachable', last === undefined)
      assert.deepEqual(copy().describe(last, now), state.describe(last, now))
    }
  }))
})

test('the load tells once of a target that cannot be reached, and once that it can', () => {
  const load = new KeptLoad()
  const told: (string | undefined)[] = []
  load.listener = change => told.push(change?.why)
  load.failed(reasons['connection-refused'], 0, 1)
  load.failed(reasons['connect-timeout'], 0, 2)
  assert.deepEqual(load.failure, { at: 2, since: 1, why: 'connect-timeout' })
  load.connected()
  load.reached()
  assert.deepEqual([told, load.failure, load.opened], [['connection-refused', undefined], undefined, 1])
})

test('a connection that was begun before one that was opened says nothing when it fails; nor does what this machine lacks', () => {
  const cells = Float64Array.from(loadCells())
  const load = new KeptLoad(cells)
  load.connected()
  load.failed(reasons['connect-timeout'], 0, 1)
  load.failed(reasons['out-of-resources'], 1, 1)
  assert.equal(load.failure, undefined)
  const copy = new KeptLoad(cells.slice())
  copy.failed(reasons['connection-refused'], 1, 1)
  assert.deepEqual([load.failure, copy.failure?.at], [undefined, 1])
})
