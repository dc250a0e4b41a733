/** What the view of the upstreams says of a target, and what it draws again. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { targetState, upstreamRows } from './client.ts'

const closed = (gate: string, state: string, more: object = {}): object => ({ gate, state, permits: false, ...more })
const fine = { gate: 'connections', state: 'open', permits: true, why: '0 of 9 places taken' }
const target = (url: string, more: object = {}): object => ({ url, weight: 1, active: 0, open: true, gates: [fine], ...more })

test('the worst gate that is closed gives a target its word, and all closed ones are told, the worst first', () => {
  const drained = closed('drain', 'drained', { why: 'by 127.0.0.1' })
  const full = closed('connections', 'full', { why: '9 of 9 places taken' })
  const tripped = closed('circuit-breaking', 'open', { why: '5 failures in a row', until: 9000 })
  const trying = { gate: 'unreachable-targets', state: 'trying', permits: true, why: 'the next request tries the target' }
  const { kind, word, reasons } = targetState.stateOf({ weight: 1, open: false, gates: [drained, full, trying, tripped] })
  assert.deepEqual([kind, word], ['critical', 'breaker open'])
  assert.deepEqual(reasons.map(({ words, until }) => [words, until]), [
    ['5 failures in a row', 9000], ['connections: 9 of 9 places taken', undefined], ['drain: by 127.0.0.1', undefined]
  ])
  assert.equal(targetState.stateOf({ weight: 1, open: false, gates: [trying, drained] }).word, 'drained')
  const alone = targetState.stateOf({ weight: 1, open: true, gates: [trying] })
  assert.deepEqual([alone.kind, alone.word, alone.reasons[0]!.words], ['warning', 'trying', 'the next request tries the target'])
})

test('an open target is said to warm up while it does, and one without weight to get no requests', () => {
  const gates = [fine]
  assert.deepEqual(targetState.stateOf({ weight: 1, open: true, gates }), { kind: 'good', word: 'open', reasons: [] })
  const slowStart = { share: 0.42, until: 7000 }
  const { kind, word, reasons } = targetState.stateOf({ weight: 1, open: true, gates, slowStart })
  assert.deepEqual([kind, word, reasons], [
    'notice', 'warming up', [{ words: 'at 42 % of its share', until: 7000, before: 'all of it in' }]
  ])
  assert.equal(targetState.stateOf({ weight: 0, open: false, gates }).word, 'weight 0')
})

test('only what has changed is another object, and the time that is left is no change', () => {
  const gate = (left: number): object => closed('circuit-breaking', 'open', { until: 9000, opensInMs: left })
  const upstreams = (left: number, active: number): Record<string, object> => ({
    users: { name: 'users', targets: [target('a', { open: false, gates: [gate(left)] }), target('b', { active })] },
    orders: { name: 'orders', targets: [target('c')] }
  })
  const first = upstreamRows.upstreamsFrom(new Map(), upstreams(5000, 1), {})
  const next = upstreamRows.upstreamsFrom(first, upstreams(4000, 2), {})
  assert.equal(next.get('orders'), first.get('orders'))
  const rows = [first, next].map(all => all.get('users')!.upstream.rows)
  assert.deepEqual(rows[1]!.map((row, index) => row === rows[0]![index]), [true, false])
  assert.equal(upstreamRows.upstreamsFrom(next, upstreams(3000, 2), {}).get('users'), next.get('users'))
})

test('a target has a problem that is closed, on trial, or fails often; the filter and the problems narrow down the targets', () => {
  const failing = { rate: 10, errors: 1, p50: 1, p95: 2, share: 1, total: { attempts: 100, errors: 10 } }
  const all = upstreamRows.upstreamsFrom(new Map(), {
    users: { name: 'users', targets: [target('http://a'), target('http://b', { open: false, gates: [closed('drain', 'drained')] })] },
    orders: { name: 'orders', targets: [target('http://c')] },
    unknown: { name: 'unknown', targets: [] }
  }, { orders: { 'http://c': failing } })
  const list = [...all.values()].map(({ upstream }) => upstream)
  const told = list.flatMap(({ rows }) => rows.map(({ problem, failed }) => [problem, failed]))
  assert.deepEqual(told, [[false, null], [true, null], [true, 0.1]])
  const urls = (word: string, onlyProblems: boolean): string[] => (
    upstreamRows.narrowed(list, (...texts) => texts.join(' ').includes(word), onlyProblems).flatMap(({ name, rows }) => (
      [name, ...rows.map(({ url }) => url)]
    ))
  )
  assert.deepEqual(urls('', true), ['users', 'http://b', 'orders', 'http://c', 'unknown'])
  assert.deepEqual(urls('users', false), ['users', 'http://a', 'http://b'])
  assert.deepEqual(urls('drained', false), ['users', 'http://b'])
  assert.deepEqual(urls('unk', false), ['unknown'])
})

test('says how many targets are open, and where requests go instead', () => {
  const words = (open: number, more: object = {}): string => {
    const { kind, words } = upstreamRows.openness({ open, used: 2, failOpen: false, ...more })
    return `${kind}: ${words}`
  }
  assert.deepEqual([words(2), words(1), words(0, { fallback: 'old' }), words(0, { failOpen: true }), words(0, { used: 0 })], [
    'good: 2 of 2 targets open', 'warning: 1 of 2 targets open', 'critical: 0 of 2 targets open, requests go to old',
    'critical: 0 of 2 targets open, requests are sent all the same', 'critical: no target'
  ])
})
