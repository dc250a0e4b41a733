/**
 * What the metrics of one request with one attempt cost, in nanoseconds, with all series there already.
 *
 *   node bench/micro/metrics.ts
 */

import { Registry } from '@prometheus-io/client'
import { AttemptMetrics } from '../../plugins/core/metrics/attempt-metrics.ts'
import { ErrorMetrics } from '../../plugins/core/metrics/error-metrics.ts'
import { GatewayTime } from '../../plugins/core/metrics/gateway-time.ts'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { RequestMetrics } from '../../plugins/core/metrics/request-metrics.ts'
import { SemanticRequests } from '../../plugins/core/metrics/semantic-requests.ts'
import type { Route } from '../../src/contract/route.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import type { Target } from '../../src/contract/target.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'

const rounds = 20
const times = 100_000

const upstream = { name: 'users' }
const target = { url: 'http://127.0.0.1:9001', origin: 'http://127.0.0.1:9001', upstream } as Target
const route = { index: 0, name: '/users/*', pattern: '/users/*', config: { upstream: 'users' } } as Route

function exchangeOf (index: number, flags: number): Exchange {
  const attempt = Object.assign(new TargetAttempt(target, 1000.5), { outcome: 'success', statusCode: 200, endedAt: 1000.6 + index % 50 })
  return {
    route, upstream, method: 'GET', startedAt: 1000, attempts: [attempt], reason: undefined, raw: { socket: {} }, client: {},
    httpVersion: '1.1',
    trace: { traceId: '47a9a8aa8a6970c05b1eda3900000001', spanId: '00f067aa0ba902b7', parentId: undefined, flags, state: '' },
    reply: { raw: { headersSent: true, statusCode: 200 } }
  } as unknown as Exchange
}

const plain = Array.from({ length: 1000 }, (_, index) => exchangeOf(index, 0))
const sampled = Array.from({ length: 1000 }, (_, index) => exchangeOf(index, 1))
const instruments = new Instruments(new Registry())
const wall = (): number => Date.now()
const requests = new RequestMetrics(instruments, wall)
const errors = new ErrorMetrics(instruments)
const time = new GatewayTime(instruments, wall)
const semantic = new SemanticRequests(instruments, wall)
const attempts = new AttemptMetrics(instruments, true)

measure('requests and errors', plain, exchange => { requests.end(exchange, 1060); errors.end(exchange) })
measure('own time of the gateway', plain, exchange => time.end(exchange, 1060))
measure('attempt', plain, exchange => attempts.settled(exchange.attempts[0]!, 1060))
measure('names of OpenTelemetry', plain, exchange => semantic.end(exchange, 1060))
measure('requests and errors, sampled', sampled, exchange => { requests.end(exchange, 1060); errors.end(exchange) })
measure('own time, sampled', sampled, exchange => time.end(exchange, 1060))

/** Prints the best of some rounds: what disturbs only ever adds. */
function measure (name: string, exchanges: readonly Exchange[], work: (exchange: Exchange) => void): void {
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const begin = process.hrtime.bigint()
    for (let index = 0; index < times; index++) work(exchanges[index % exchanges.length]!)
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / times)
  }
  console.log(`${name.padEnd(32)} ${best.toFixed(0).padStart(5)} ns`)
}
