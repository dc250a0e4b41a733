/** Every second each thread writes what it finds about itself. */

import type { GatewayApi } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'
import { handshakeMetrics } from './listener-tls.ts'
import { measureThread, sampleEvery } from './thread-figures.ts'

/** Begins to measure the thread, and to count its requests. */
export function measureThreads (gateway: GatewayApi, metrics: Instruments): void {
  const { control, threads: { role, number } } = gateway
  const thread = role === 'control' ? role : String(number)
  if (role === 'data') {
    const ended = metrics.seriesCounter('gateway_thread_requests_total', 'Requests that a thread has served.').at({ thread })
    gateway.onClosed(() => { ended.value++ })
  }
  gateway.task({
    kind: 'metrics',
    key: 'thread',
    per: 'thread',
    start () {
      const figures = measureThread(metrics, thread, control)
      const fillHandshakes = handshakeMetrics(metrics, { control })
      const timer = setInterval(() => {
        figures.sample()
        if (role === 'data') fillHandshakes()
      }, sampleEvery).unref()
      return () => {
        clearInterval(timer)
        figures.stop()
      }
    }
  })
}
