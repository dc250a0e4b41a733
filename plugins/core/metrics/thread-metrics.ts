/** In the control thread: metrics of the threads as it sees them. */

import type { GatewayApi } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'

const states = ['starting', 'serving', 'draining', 'silent'] as const

/** How much more than the mean the busiest has; 1 where all have the same, or nothing. */
export function spreadOf (amounts: readonly number[]): number {
  const sum = amounts.reduce((sum, amount) => sum + amount, 0)
  return sum === 0 ? 1 : Math.max(...amounts) * amounts.length / sum
}

/** Returns the function that fills the metrics. */
export function threadMetrics (instruments: Instruments, gateway: Pick<GatewayApi, 'control' | 'threads'>): () => void {
  const { control, threads: { count } } = gateway
  const threads = instruments.gauge({
    name: 'gateway_threads',
    help: 'Threads that serve clients, by state. `silent`: its event loop has not turned for a while; `gone`: it has died and is not ' +
      'replaced yet.',
    labelNames: ['state']
  })
  const connections = instruments.gauge({
    name: 'gateway_thread_connections',
    help: 'Connections of clients that a thread has open.',
    labelNames: ['thread']
  })
  const spread = instruments.gauge({
    name: 'gateway_thread_connections_spread_ratio',
    help: 'Connections of the thread that has the most, relative to the mean of all threads: 1 is even.'
  })
  const restarts = instruments.seriesCounter('gateway_thread_restarts_total', 'Threads that have died and were replaced, by number.')
  return () => {
    connections.reset()
    for (const state of states) threads.set({ state }, control.threads.filter(thread => thread.state === state).length)
    threads.set({ state: 'gone' }, count - control.threads.length)
    for (const thread of control.threads) {
      connections.set({ thread: String(thread.number) }, thread.connections)
      restarts.at({ thread: thread.number }).value = thread.restarts
    }
    spread.set(spreadOf(control.threads.map(thread => thread.connections)))
  }
}
