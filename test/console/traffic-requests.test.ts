/** The figures of requests, from metrics as they are counted. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RequestFigures, type RequestSource } from '../../plugins/core/console/traffic-requests.ts'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { Registry } from '@prometheus-io/client'

const source: RequestSource = { metric: 'durations', status: 'status', routeOf: labels => String(labels['route']) }

/** Metrics, and what counts a request in them. */
function counter (): {
  readonly metrics: Instruments, readonly request: (route: string, status: number, code?: string, policy?: string) => void
} {
  const metrics = new Instruments(new Registry())
  const durations = metrics.seriesHistogram('durations', 'durations', [0.01, 0.1])
  const errors = metrics.seriesCounter('gateway_errors_total', 'errors')
  return {
    metrics,
    request (route, status, code, policy = '(none)') {
      const fault = code === 'connection-refused' ? 'upstream' : 'client'
      if (code !== undefined) errors.at({ code, fault, route, upstream: 'u', policy }).value++
      durations.at({ route, status }).observe(0.005)
    }
  }
}

test('requests are told apart by route, failures by whose fault they are, and refusals by policy', () => {
  const { metrics, request } = counter()
  const figures = new RequestFigures(10)
  figures.keep(['a', 'b'], ['few', 'keys'])
  request('a', 200)
  figures.look(metrics, source, 0, 1000)
  assert.deepEqual([figures.route('a')!.total.requests, figures.route('a')!.rate, figures.route('a')!.lastRequest], [1, 0, null])

  request('a', 200)
  request('a', 502, 'connection-refused')
  request('a', 503)
  request('b', 429, 'rate-limited', 'few')
  request('b', 401, 'missing-token', 'keys')
  request('gone', 404, 'not-found')
  figures.look(metrics, source, 2, 3000)
  const { a, b } = { a: figures.route('a')!, b: figures.route('b')! }
  assert.deepEqual([a.rate, a.errors, a.lastRequest], [1.5, { client: 0, upstream: 1, gateway: 0, plugin: 0 }, 3000])
  assert.deepEqual(a.total, { requests: 4, errors: 2, limited: 0, refused: 0 })
  assert.deepEqual([a.p50, a.p95], [5, 9.5])
  assert.deepEqual(b.total, { requests: 2, errors: 2, limited: 1, refused: 1 })
  assert.deepEqual([figures.policy('few')!.limited, figures.policy('keys')!.refused], [0.5, 0.5])
  assert.equal(figures.route('gone'), undefined)
  assert.deepEqual(figures.lastSecond(), { requests: 6, client: 3, upstream: 2, gateway: 0, plugin: 0 })
})

test('a route is the same object until something of it changes, also when its requests are no longer recent', () => {
  const { metrics, request } = counter()
  const figures = new RequestFigures(2)
  figures.keep(['a', 'b'], [])
  figures.look(metrics, source, 0, 0)
  const idle = figures.route('b')
  request('a', 200)
  figures.look(metrics, source, 1, 1000)
  const busy = figures.route('a')!
  assert.equal(figures.route('b'), idle)
  figures.look(metrics, source, 1, 2000)
  assert.notEqual(figures.route('a'), busy)
  figures.look(metrics, source, 1, 3000)
  const after = figures.route('a')!
  assert.deepEqual([busy.rate, after.rate, after.total.requests], [1, 0, 1])
  figures.look(metrics, source, 1, 4000)
  assert.equal(figures.route('a'), after)
})

test('a route that comes back has the total that was counted, and no request that was just made', () => {
  const { metrics, request } = counter()
  const figures = new RequestFigures(10)
  figures.keep(['a'], [])
  request('a', 200)
  figures.look(metrics, source, 0, 1000)
  figures.keep([], [])
  figures.look(metrics, source, 1, 2000)
  figures.keep(['a'], [])
  figures.look(metrics, source, 1, 3000)
  assert.deepEqual([figures.route('a')!.total.requests, figures.route('a')!.rate, figures.route('a')!.lastRequest], [1, 0, null])
})

test('requests that another metric counts are not new when the names of metrics change', () => {
  const { metrics, request } = counter()
  const figures = new RequestFigures(10)
  figures.keep(['a'], [])
  request('a', 200)
  figures.look(metrics, { ...source, metric: 'none' }, 0, 1000)
  figures.look(metrics, source, 1, 2000)
  assert.deepEqual([figures.route('a')!.total.requests, figures.lastSecond().requests], [1, 0])
})
