/** What is counted on the way of every request. */

import { type GatewayApi, inPieces } from '../../../src/index.ts'
import { AttemptMetrics } from './attempt-metrics.ts'
import { CallMetrics } from './call-metrics.ts'
import { ErrorMetrics } from './error-metrics.ts'
import { GatewayTime } from './gateway-time.ts'
import type { Instruments } from './instruments.ts'
import { measuredUntil } from './measured-until.ts'
import { RequestMetrics } from './request-metrics.ts'
import { SemanticRequests } from './semantic-requests.ts'
import { WebSocketMetrics } from './websocket-metrics.ts'

/** Counts requests and attempts, in the thread that serves them. */
export async function countRequests (gateway: GatewayApi, metrics: Instruments): Promise<void> {
  const { config: { metrics: { naming } }, clock, routes, upstreams } = gateway
  const unread = metrics.seriesCounter(
    'gateway_unread_requests_total',
    'What was refused before it became a request, by code of the problem.'
  )
  gateway.onRejectedInput(({ reason }) => { unread.at({ code: reason.code }).value++ })
  const wall = (): number => clock.wall()
  const own = naming !== 'otel'
  const requests = own ? [new RequestMetrics(metrics, wall)] : []
  for (const counted of requests) await inPieces(counted.begin(routes))
  for (const counted of [
    new ErrorMetrics(metrics),
    new GatewayTime(metrics, wall),
    ...(routes.some(({ config }) => config.grpc !== undefined) ? [new CallMetrics(metrics)] : []),
    ...requests,
    ...(naming === 'prometheus' ? [] : [new SemanticRequests(metrics, wall)])
  ]) gateway.onClosed((exchange, now) => counted.end(exchange, measuredUntil(exchange, now)))
  const webSockets = new WebSocketMetrics(metrics)
  gateway.onClosed(exchange => webSockets.end(exchange))

  const attempts = new AttemptMetrics(metrics, own)
  for (const upstream of upstreams.values()) {
    upstream.observers.push((attempt, now) => attempts.settled(attempt, now))
    // It adds no gate, but is called for every target, including those that join later.
    upstream.addGate(target => {
      attempts.add(target)
      return undefined
    })
  }
}
