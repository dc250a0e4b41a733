/** What the view of the requests asks for, and how it draws a waterfall. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askedPaths, bars, knownRows, outcome } from './client.ts'

const known = { reasons: ['rate-limited', 'response-timeout', 'connect-timeout'], routes: ['/users/*', '/users/:id', '/orders/*'] }

const asked = (filters: string): string => decodeURIComponent(askedPaths.askedPath(new URLSearchParams(filters), known, 100))

test('what is written in a filter is completed to what the route takes', () => {
  assert.equal(asked(''), '/requests?limit=100')
  assert.equal(asked('status=404 5'), '/requests?status=404,5xx&limit=100')
  assert.equal(asked('status=4X,5xx'), '/requests?status=4xx,5xx&limit=100')
  assert.equal(asked('status=40'), '/requests?status=400,401,402,403,404,405,406,407,408,409&limit=100')
  assert.equal(asked('status=none'), '/requests?status=none&limit=100')
  assert.equal(asked('reason=timeout'), '/requests?reason=response-timeout,connect-timeout&limit=100')
  assert.equal(asked('reason=no-target'), '/requests?reason=no-target&limit=100')
  assert.equal(asked('route=orders&id=+4b'), '/requests?route=/orders/*&id=4b&limit=100')
  assert.equal(asked('route=users'), '/requests?route=users&limit=100')
})

test('bars stand where their spans were, in percent of the whole', () => {
  const story = {
    spans: [
      { name: 'request', level: 0, start: 0, duration: 20 },
      { name: 'before', level: 1, start: 0, duration: 1 },
      { name: 'attempt', level: 1, start: 1, duration: 4, attempt: 0 },
      { name: 'pause', level: 1, start: 5, duration: 5, attempt: 1 },
      { name: 'attempt', level: 1, start: 10, duration: 10, attempt: 1 },
      { name: 'wait', level: 2, start: 12, duration: 8, attempt: 1 }
    ],
    attempts: [{ target: 'http://b:9003', failure: 'connection-refused' }, { target: 'http://b:9001' }],
    attemptsLeftOut: 3
  }
  assert.deepEqual(bars.barsOf(story).map(({ label, left, width, tone }) => [label, left, width, tone]), [
    ['Whole request', 0, 100, 'whole'],
    ['Before the first attempt', 0, 5, 'own'],
    ['Attempt 1 at b:9003', 5, 20, 'failed'],
    ['Pause before the retry', 25, 25, 'own'],
    ['Attempt 5 at b:9001', 50, 50, 'attempt'],
    ['Wait for the response', 60, 40, 'part']
  ])
  const [still] = bars.barsOf({ spans: [{ name: 'request', level: 0, start: 0, duration: 0 }], attempts: [] })
  assert.deepEqual([still!.left, still!.width], [0, 0])
})

test('a status is told by whose fault it is, and a gRPC call by its own', () => {
  assert.deepEqual([200, 304, 404, 499, 503].map(status => outcome.kindOf({ status })), ['good', 'good', 'warning', 'warning', 'critical'])
  assert.equal(outcome.kindOf({ status: 200, grpcStatus: 'UNAVAILABLE' }), 'warning')
  assert.deepEqual([0, 0.0371, 0.66, 12.4].map(outcome.fine), ['0 ms', '0.037 ms', '0.66 ms', '12 ms'])
  assert.deepEqual([outcome.urlOf({}), outcome.urlOf({ path: '/a', query: 'b=1' })], [undefined, '/a?b=1'])
})

test('requests that were listed before are the same objects, also where clients use an id again', () => {
  const before = [{ id: 'a', time: 2, durationMs: 1 }, { id: 'a', time: 1, durationMs: 1 }]
  const after = knownRows.knownRows(before, [{ id: 'b', time: 3, durationMs: 1 }, ...structuredClone(before)])
  assert.deepEqual(after.map(row => before.indexOf(row)), [-1, 0, 1])
})
