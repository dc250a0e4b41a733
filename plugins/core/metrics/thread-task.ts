/** Every second each thread writes what it finds about itself. */

import type { GatewayApi } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'
import { handshakeMetrics } from './listener-tls.ts'
import { measureThread, sampleEvery } from './thread-figures.ts'

/**
 * Begins to measure the thread, and to count its requests.
 * @param metrics those that outlive the generation
 */
export function measureThreads (gateway: GatewayApi, metrics: Instruments): void {
  const { role, number } = gateway.threads
  const thread = role === 'control' ? role : String(number)
  const fills = role === 'data' ? servingMetrics(gateway, metrics, thread) : []
  gateway.task({
    kind: 'metrics',
    key: 'thread',
    per: 'thread',
    start () {
      const { sample, stop } = measureThread(metrics, thread)
      const timer = setInterval(() => {
        sample()
        for (const fill of fills) fill()
      }, sampleEvery).unref()
      return () => {
        clearInterval(timer)
        stop()
      }
    }
  })
}

/** Of a thread that serves clients. Returns what fills its gauges. */
function servingMetrics (gateway: GatewayApi, metrics: Instruments, thread: string): (() => void)[] {
  const { control } = gateway
  const ended = metrics.seriesCounter('gateway_thread_requests_total', 'Requests that a thread has served.').at({ thread })
  gateway.onClosed(() => { ended.value++ })
  const inFlight = metrics.gauge({
    name: 'gateway_thread_requests_in_flight',
    help: 'Requests of a thread whose response has not ended.',
    labelNames: ['thread']
  }).labels(thread)
  return [() => inFlight.set(control.inFlight), handshakeMetrics(metrics, { control })]
}
