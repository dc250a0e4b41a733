/** Both ends of the live stream: what is sent is enough for the browser to know what the gateway knows. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deltaOf, LiveState } from '../../plugins/core/console/live-state.ts'
import { liveState } from './client.ts'

const ids = fc.constantFrom('a', 'b', 'c', '__proto__')
const rows = fc.uniqueArray(fc.tuple(ids, fc.nat(2)), { selector: ([id]) => id }).map(pairs => Object.fromEntries(pairs))
const reading = fc.record({ values: fc.record({ gateway: fc.nat(2) }), tables: fc.record({ routes: rows, upstreams: rows }) })
const readings = fc.array(reading, { minLength: 1 })

type Known = Parameters<typeof liveState.fromSnapshot>[0]

const all = (): boolean => true

test('a snapshot and the deltas after it are the same as a later snapshot', () => {
  fc.assert(fc.property(readings, fc.nat(10), (looks, joinsAt) => {
    const state = new LiveState()
    let known: Known | undefined
    for (const [second, reading] of looks.entries()) {
      const delta = state.take({ ...reading, seconds: [{ second: second + 1 }] })
      // What has gone over the wire.
      const sent = { ...JSON.parse(known === undefined ? JSON.stringify(state.all) : deltaOf(delta, all)) as Known, now: second }
      if (known !== undefined) known = liveState.withDelta(known, sent)
      else if (second >= joinsAt % looks.length) known = liveState.fromSnapshot(sent)
    }
    const { values, tables, seconds } = known!
    assert.deepEqual(JSON.parse(JSON.stringify({ values, tables, seconds })), JSON.parse(JSON.stringify(state.all)))
  }))
})

test('of what has not changed nothing is sent', () => {
  const state = new LiveState()
  const reading = { values: { gateway: { generation: 1 } }, tables: { routes: { users: { rate: 1 } } }, seconds: [{ second: 1 }] }
  state.take(reading)
  assert.deepEqual(JSON.parse(deltaOf(state.take(structuredClone(reading)), all)), { values: {}, tables: {}, seconds: [] })
})

test('a viewer gets the tables that it wants, and one that was not wanted for a while is new as a whole', () => {
  const state = new LiveState()
  const [routes, threads] = [{ users: { rate: 1 } }, { 1: { state: 'serving' } }]
  const tablesOf = (tables: Record<string, Record<string, unknown>>): unknown => {
    const { tables: sent } = JSON.parse(deltaOf(state.take({ values: {}, tables, seconds: [] }), name => name !== 'threads')) as Known
    return sent
  }
  assert.deepEqual(tablesOf({ routes, threads }), { routes })
  assert.deepEqual(tablesOf({ threads }), {})
  assert.deepEqual(tablesOf({ routes, threads }), { routes })
})

test('what has not changed is the same object as before, so that nothing is drawn again for it', () => {
  const known = liveState.fromSnapshot({ now: 1, values: { marks: [] }, tables: { routes: { a: {} } }, seconds: [] })
  const next = liveState.withDelta(known, { now: 2, values: {}, tables: { upstreams: { users: {} } }, seconds: [] })
  assert.equal(next.values, known.values)
  assert.equal(next.tables['routes'], known.tables['routes'])
  assert.equal(next.seconds, known.seconds)
})

test('both ends keep five minutes', () => {
  const state = new LiveState()
  let known = liveState.fromSnapshot({ now: 0, values: {}, tables: {}, seconds: [] })
  for (let second = 1; second <= 400; second++) {
    const { seconds } = JSON.parse(deltaOf(state.take({ values: {}, tables: {}, seconds: [{ second }] }), all)) as Known
    known = liveState.withDelta(known, { now: second, values: {}, tables: {}, seconds })
  }
  assert.equal(state.since, 400)
  assert.deepEqual([state.all.seconds.length, known.seconds.length], [300, 300])
  assert.equal(known.seconds[0]!.second, 101)
})
