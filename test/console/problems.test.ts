/** What is wrong, in words, worst first. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemsOf } from '../../plugins/core/console/problems.ts'
import { span } from '../../plugins/core/console/problem-words.ts'
import type { ClosedBy, Situation } from '../../plugins/core/console/situation.ts'
import type { EventFact, GatewayEvent } from '../../src/index.ts'

const now = 1_000_000_000

const sound: Situation = {
  now,
  generation: 4,
  upstreams: [],
  refused: undefined,
  restored: undefined,
  certificates: [],
  requested: [],
  threadsWanted: 0,
  threads: [],
  events: [],
  attempts: {},
  policies: {}
}

function texts (situation: Partial<Situation>): string[] {
  return problemsOf({ ...sound, ...situation }).map(({ severity, text }) => `${severity}: ${text}`)
}

function events (...facts: (readonly [secondsAgo: number, fact: EventFact])[]): GatewayEvent[] {
  return facts.map(([secondsAgo, fact], index) => ({ ...fact, number: index + 1, generation: 4, time: now - secondsAgo * 1000 }))
}

const url = (port: number): string => `http://10.0.0.1:${port}`

function upstream (closed: Record<number, ClosedBy | undefined>, overruled = false): Situation['upstreams'][number] {
  return { name: 'orders', targets: Object.entries(closed).map(([port, gate]) => ({ url: url(Number(port)), closed: gate })), overruled }
}

const tripped: ClosedBy = { gate: 'circuit-breaking', state: 'open', why: '5 failures in a row, last: connection-refused', opensIn: 7300 }
const somebody = { by: '127.0.0.1', via: 'loopback' } as const
const drained: ClosedBy = { gate: 'drain', state: 'drained', why: 'by 127.0.0.1: new disk; nothing is under way', opensIn: undefined }
const away: ClosedBy = { gate: 'unreachable-targets', state: 'unreachable', opensIn: undefined }

test('nothing is wrong with a gateway that is sound', () => {
  assert.deepEqual(texts({ upstreams: [upstream({ 9001: undefined })], threadsWanted: 1, threads: [thread(1)] }), [])
})

test('an upstream says how many targets are open, and of each closed one why, since when and until when', () => {
  const [problem] = problemsOf({
    ...sound,
    upstreams: [upstream({ 9001: drained, 9002: undefined, 9003: tripped })],
    events: events(
      [180, { type: 'target-drained', upstream: 'orders', target: url(9001), ...somebody, reason: 'new disk', until: undefined }],
      [40, { type: 'circuit-opened', upstream: 'other', target: url(9003), reason: 'failures', why: undefined }],
      [12, { type: 'circuit-opened', upstream: 'orders', target: url(9003), reason: 'failures', why: undefined }]
    )
  })
  assert.deepEqual(problem, {
    severity: 'warning',
    text: 'orders: 1 of 3 targets open; :9001 drained for 3 min (by 127.0.0.1: new disk; nothing is under way); ' +
      'breaker of :9003 opened 12 s ago after 5 failures in a row, last: connection-refused; next try in 8 s',
    since: now - 12_000,
    link: '#/upstreams/orders'
  })
})

test('an upstream without an open target is critical, one that an operator has drained is not', () => {
  assert.deepEqual(texts({ upstreams: [upstream({ 9001: tripped })] }), [
    'critical: orders: 0 of 1 target open; breaker of :9001 opened after 5 failures in a row, last: connection-refused; next try in 8 s'
  ])
  assert.deepEqual(texts({ upstreams: [upstream({ 9001: away }, true)] }), [
    'critical: orders: 0 of 1 target open, requests are sent all the same; :9001 unreachable'
  ])
  const [text] = texts({ upstreams: [upstream({ 9001: undefined, 9002: drained })] })
  assert.match(text!, /^info: orders: 1 of 2 targets open; :9002 drained /)
})

test('of many closed targets the first three are told of', () => {
  const [text] = texts({ upstreams: [upstream({ 1: away, 2: away, 3: away, 4: away, 5: away, 6: undefined })] })
  assert.equal(text, 'warning: orders: 1 of 6 targets open; :1 unreachable; :2 unreachable; :3 unreachable; 2 more closed')
})

test('an open target is told of when many of its attempts fail', () => {
  const upstreams = [upstream({ 9001: undefined, 9002: undefined, 9003: away })]
  const attempts = (rate: number, errors: number): Situation['attempts'] => ({
    orders: { [url(9001)]: { rate, errors }, [url(9002)]: { rate, errors: 0 }, [url(9003)]: { rate, errors } }
  })
  const failing = texts({ upstreams, attempts: attempts(10, 4.2) })
  assert.deepEqual(failing, [
    'warning: orders: 2 of 3 targets open; :9003 unreachable',
    'warning: orders: 42 % of the attempts at :9001 fail'
  ])
  assert.equal(texts({ upstreams, attempts: attempts(100, 4.2) }).length, 1, 'not for a few of many')
  assert.equal(texts({ upstreams, attempts: attempts(0.1, 0.1) }).length, 1, 'not for a single one')
})

test('threads that are gone or silent are told of', () => {
  const died: EventFact = { type: 'thread-died', thread: 2, why: 'out of memory', replacedAfterMs: 1000 }
  assert.deepEqual(texts({ threadsWanted: 2, threads: [thread(1)], events: events([3, died]) }), [
    'critical: 1 of 2 threads is gone; the last one died 3 s ago: out of memory'
  ])
  const silent = events([20, { type: 'thread-silent', thread: 1 }])
  assert.deepEqual(texts({ threadsWanted: 1, threads: [thread(1, 'silent')], events: silent }), [
    'critical: thread 1 has been silent for 20 s'
  ])
})

test('a configuration that was refused shows its first problem, on one line', () => {
  const refused = { at: now - 60_000, problems: ['gateway.yaml:3:1  unknown key "rout"\n   3 | rout: []\n     | ^^^^', 'another'] }
  assert.deepEqual(texts({ refused }), [
    'warning: generation 4 serves on, because the last configuration was refused 1 min ago: ' +
      'gateway.yaml:3:1  unknown key "rout" (and 1 more problem)'
  ])
})

test('a configuration that was restored is told of, with who wanted it, because the file is not in use', () => {
  const restored = { number: 5, at: now - 180_000, trigger: 'restore', restores: 3, generation: 4, problems: [] }
  const [problem] = problemsOf({ ...sound, restored: { ...restored, by: '10.0.0.9', via: 'token', reason: 'rollback' } })
  assert.deepEqual(problem, {
    severity: 'info',
    text: 'configuration 3 serves again for 3 min (by 10.0.0.9: rollback); the file is not in use until it changes or is reloaded',
    since: now - 180_000,
    link: '#/configuration'
  })
  assert.deepEqual(texts({ restored }), [
    'info: configuration 3 serves again for 3 min; the file is not in use until it changes or is reloaded'
  ])
})

test('certificates that expire or are not issued are told of, those that have expired first', () => {
  const certificate = { listener: 'public', hosts: ['a.example', 'b.example'], from: 0, expiring: true }
  const day = 86_400_000
  assert.deepEqual(texts({
    certificates: [{ ...certificate, to: now + 5 * day + 1 }, { ...certificate, to: now - day }],
    requested: [{
      hosts: ['c.example'], directory: '', validUntil: now + day, nextRequest: now + 7_200_000, failures: 3, lastFailure: 'no answer'
    }]
  }), [
    'critical: the certificate of a.example and 1 more host at public expired 1 day ago',
    'warning: the certificate of a.example and 1 more host at public expires in 5 days',
    'warning: no certificate for c.example is issued: 3 failures in a row, last: no answer; next try in 2 h'
  ])
})

test('what has failed is told of until it recovers, each for itself', () => {
  const overloaded = (thread: number): EventFact => (
    { type: 'event-loop-overloaded', thread, level: 2, delayMs: 300, shed: ['low', 'normal'] }
  )
  assert.deepEqual(texts({
    events: events(
      [30, overloaded(1)],
      [20, overloaded(2)],
      [10, { type: 'event-loop-calm', thread: 1, level: 0, delayMs: 1, shed: [] }],
      [9, { type: 'discovery-failed', upstream: 'orders', source: 'dns orders', why: 'ESERVFAIL' }],
      [8, { type: 'log-lines-lost', lost: 37 }],
      [7, { type: 'trace-export-failed', collector: 'http://c', why: 'timeout' }],
      [6, { type: 'trace-export-recovered', collector: 'http://c' }]
    )
  }), [
    'critical: thread 2 is overloaded: requests of priority low, normal are refused; for 20 s',
    'warning: targets of orders cannot be looked up (dns orders): ESERVFAIL; for 9 s',
    'info: 37 log lines lost 8 s ago'
  ])
})

test('a limit that refuses requests now is told of, and where it is shown', () => {
  const policies = { few: { limited: 2.5, refused: 0, total: { limited: 9, refused: 0 } } }
  assert.deepEqual(problemsOf({ ...sound, policies, events: events([61, { type: 'limit-reached', limit: 'rate', policy: 'few' }]) }), [
    { severity: 'info', text: 'few rejects 2.5 requests/s', since: now - 61_000, link: '#/limits' }
  ])
})

test('a length of time has one unit', () => {
  assert.deepEqual([-5, 999, 59_999, 60_000, 3_600_000, 2 * 86_400_000].map(span), ['0 s', '0 s', '59 s', '1 min', '1 h', '2 days'])
})

function thread (number: number, state: 'serving' | 'silent' = 'serving'): Situation['threads'][number] {
  return { number, state, since: 0, restarts: 0, connections: 0 }
}
