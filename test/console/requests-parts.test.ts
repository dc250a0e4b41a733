/** Records of requests, their spans and their words, by themselves. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policiesOf } from '../../plugins/core/console/requests-policies.ts'
import { longestText, mostAttempts } from '../../plugins/core/console/requests-record.ts'
import { RecentRequests } from '../../plugins/core/console/requests-ring.ts'
import { readShown } from '../../plugins/core/console/requests-shown.ts'
import { spansOf } from '../../plugins/core/console/requests-spans.ts'
import { viewOf, type RequestView } from '../../plugins/core/console/requests-view.ts'
import { time, wordsOf } from '../../plugins/core/console/requests-words.ts'
import type { Config } from '../../src/config/types.ts'
import { sampleExchange, type SampleOptions } from '../access-log/sample-exchange.ts'

const config = { accessLog: { fields: { include: ['query'], exclude: [], rename: {} } }, logging: { redact: [] } } as unknown as Config
const rules = { shown: readShown(config), countsBytes: true }

/** Keeps exchanges with these options, one a millisecond, and gives what is shown of all that are left. */
function kept (most: number, ...all: SampleOptions[]): RequestView[] {
  const recent = new RecentRequests()
  for (const [at, options] of all.entries()) recent.keep(sampleExchange(options), most, 1100 + at, 1, rules)
  return [...recent.newestFirst()].map(record => viewOf(record, rules.shown, { thread: undefined, epoch: 0 }))
}

test('a record that is used again shows nothing of the exchange before', () => {
  const [last, ...others] = kept(1, { id: 1, status: 200 }, { id: 2, path: '/b', query: '' })
  assert.equal(others.length, 0)
  assert.deepEqual([last!.path, last!.query, last!.status, last!.reason], ['/b', undefined, 200, undefined])
})

test('successes and failures are merged in the order in which they ended', () => {
  const all = kept(2, { id: 1, failed: true }, { id: 2 }, { id: 3 }, { id: 4, failed: true }, { id: 5 })
  assert.deepEqual(all.map(({ path }) => path), ['/users/5', '/users/4', '/users/3', '/users/1'])
})

test('a long path and a long query are cut', () => {
  const [one] = kept(1, { path: `/${'é'.repeat(5000)}`, query: `?page=${'1'.repeat(5000)}` })
  assert.equal(one!.path!.length, longestText + 1)
  assert.equal(one!.query!.length, longestText)
})

test('of many attempts the first ones and the last are shown, with how many are not', () => {
  const exchange = sampleExchange({})
  const attempts = Array.from({ length: 12 }, (_, at) => ({
    target: { url: `http://t${at}` }, kind: at === 0 ? 'first' : 'retry', startedAt: 1000 + at, endedAt: 1000.5 + at
  }))
  const recent = new RecentRequests()
  recent.keep({ ...exchange, attempts } as never, 1, 1020, 1, rules)
  const [view] = [...recent.newestFirst()].map(record => viewOf(record, rules.shown, { thread: 2, epoch: 500 }))
  assert.equal(view!.attempts.length, mostAttempts)
  assert.deepEqual([view!.attempts[6]!.target, view!.attempts[7]!.target, view!.attemptsLeftOut], ['http://t6', 'http://t11', 4])
  assert.equal(wordsOf(view!).filter(text => text === '4 further attempts are not kept.').length, 1)
  assert.deepEqual([view!.thread, view!.time, view!.durationMs, view!.attempts[7]!.started], [2, 1500, 20, 11])
})

const base: RequestView = {
  id: 'a',
  time: 0,
  method: 'GET',
  path: '/a',
  protocol: 'HTTP/1.1',
  route: 'users',
  clientIp: '10.0.0.1',
  status: 200,
  attempts: [],
  bytesIn: 0,
  durationMs: 30,
  sampled: false,
  generation: 1
}

test('the words tell of attempts that failed, answered, were given up and were cut', () => {
  const attempts: RequestView['attempts'] = [
    { target: 'http://b:9003', kind: 'first', started: 1, ended: 3, failure: 'connection-refused' },
    { target: 'http://b:9001', kind: 'retry', started: 8, sent: 8.1, answered: 22, ended: 25, status: 200, failure: 'response-cut' },
    { target: 'http://b:9002', kind: 'hedge', started: 9, ended: 22 }
  ]
  assert.deepEqual(wordsOf({ ...base, attempts, reason: 'response-cut', fault: 'upstream' }), [
    'GET /a came from 10.0.0.1 over HTTP/1.1 and matched the route users.',
    'The first attempt at http://b:9003 failed after 2 ms: connection-refused.',
    'A retry at http://b:9001, 5 ms later, answered 200 after 14 ms and was cut after 17 ms: response-cut.',
    'A hedge at http://b:9002 was given up after 13 ms.',
    'The client got 200; the response ended after 30 ms: response-cut (fault: upstream).'
  ])
})

const policed = {
  server: { policies: ['inside'] },
  policies: { inside: { plugin: 'ip-filter' }, login: { plugin: 'jwt-auth' }, slow: { plugin: 'rate-limiting' } },
  routes: [
    { path: '/users', name: 'users', policies: ['login', 'inside', 'slow'] },
    { path: '/fixed', policies: ['slow'], methods: ['GET'], respond: {} },
    { path: '/fixed', policies: [], methods: ['POST'] },
    { path: '/split', policies: [] },
    { path: '/split', policies: ['slow'] }
  ]
}

const verdicts = (request: Partial<RequestView>): (readonly string[])[] => {
  return policiesOf({ ...base, ...request }, policed).map(({ name, verdict = '' }) => [name, verdict])
}

test('policies of the server and of the route are told in running order, up to the one that refused', () => {
  assert.deepEqual(verdicts({ policy: 'login' }), [['inside', 'passed'], ['login', 'refused'], ['slow', 'after']])
  assert.deepEqual(verdicts({ upstream: 'users' }), [['inside', 'passed'], ['login', 'passed'], ['slow', 'passed']])
  const words = wordsOf(base, policiesOf({ ...base, policy: 'slow' }, policed))
  assert.equal(words[1], 'It passed the policies inside and login.')
})

test('no verdict is told where the record does not say how far an exchange came', () => {
  const unknown = [['inside', ''], ['login', ''], ['slow', '']]
  assert.deepEqual(verdicts({ reason: 'overloaded', status: 503 }), unknown)
  assert.deepEqual(verdicts({ policy: '[redacted]' }), unknown)
  assert.deepEqual(verdicts({ route: '/fixed' }), [['inside', 'passed'], ['slow', 'passed']])
  assert.deepEqual(verdicts({ route: '/fixed', status: 204 }), [['inside', ''], ['slow', '']])
  assert.deepEqual(verdicts({ route: '/fixed', method: 'POST' }), [['inside', '']])
  assert.deepEqual([verdicts({ route: '/split' }), verdicts({ route: 'gone' })], [[], []])
})

test('the words of a client that left say that it got no response', () => {
  assert.equal(wordsOf({ ...base, status: 499, reason: 'client-closed' }).at(-1),
    'The client got no response: the exchange ended after 30 ms: client-closed.')
})

test('spans cover the time before, within, between and after the attempts; one without a connection has no parts', () => {
  const attempts: RequestView['attempts'] = [
    { kind: 'first', started: 1, ended: 3, failure: 'connection-refused' },
    { kind: 'retry', started: 8, sent: 8.5, answered: 22, ended: 25, status: 200 }
  ]
  const spans = spansOf({ ...base, attempts })
  assert.deepEqual(spans.map(({ name, level, start, duration, attempt }) => [name, level, start, duration, attempt]), [
    ['request', 0, 0, 30, undefined],
    ['before', 1, 0, 1, undefined],
    ['attempt', 1, 1, 2, 0],
    ['pause', 1, 3, 5, 1],
    ['attempt', 1, 8, 17, 1],
    ['send', 2, 8, 0.5, 1],
    ['wait', 2, 8.5, 13.5, 1],
    ['receive', 2, 22, 3, 1],
    ['after', 1, 25, 5, undefined]
  ])
})

test('times are told with three digits, in seconds from one second on', () => {
  assert.deepEqual([0, 0.0123, 2, 14.26, 999, 1234, 61_000].map(time), ['0 ms', '0.0123 ms', '2 ms', '14.3 ms', '999 ms', '1.23 s', '61 s'])
})
