/** What the threads that serve clients are busy with, and how late event loops are. */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { GatewayControl, MetricsApi } from '../../../src/index.ts'
import { inMilliseconds, rounded } from './traffic-rounding.ts'

/** A thread as it is shown. Delays in milliseconds, memory in bytes; null for what it has not said yet. */
export interface ThreadTraffic {
  readonly thread: number
  readonly state: string
  /** 99 of 100 turns of its event loop were no later, in its last second. */
  readonly loopDelay: number | null
  /** From 0 to 1: how busy its event loop was. */
  readonly utilization: number | null
  readonly heap: number | null
  readonly inFlight: number | null
  readonly connections: number
}

/** The threads, by number, as they have measured themselves. */
export function threadTraffic ({ threads }: Pick<GatewayControl, 'threads'>, metrics: Pick<MetricsApi, 'read'>): ThreadTraffic[] {
  if (threads.length === 0) return []
  const delays = byThread(metrics, 'gateway_thread_event_loop_delay_seconds', labels => labels['percentile'] === '99')
  const utilizations = byThread(metrics, 'gateway_thread_event_loop_utilization')
  const heaps = byThread(metrics, 'gateway_thread_heap_bytes', labels => labels['kind'] === 'used')
  const inFlight = byThread(metrics, 'gateway_thread_requests_in_flight')
  return threads.map(({ number, state, connections }) => {
    const of = (figures: ReadonlyMap<string, number>): number | null => figures.get(String(number)) ?? null
    const utilization = of(utilizations)
    return {
      thread: number,
      state,
      loopDelay: inMilliseconds(of(delays)),
      utilization: utilization === null ? null : rounded(utilization),
      heap: of(heaps),
      inFlight: of(inFlight),
      connections
    }
  })
}

type Labels = Readonly<Record<string, string | number>>

function byThread (metrics: Pick<MetricsApi, 'read'>, name: string, fits: (labels: Labels) => boolean = () => true): Map<string, number> {
  const found = new Map<string, number>()
  const value = new Float64Array(1)
  for (const series of metrics.read(name)?.all ?? []) {
    if (!fits(series.labels)) continue
    series.read(value)
    if (!Number.isNaN(value[0])) found.set(String(series.labels['thread']), value[0]!)
  }
  return found
}

/** How often the event loop is asked, in milliseconds; a part of every delay that the histogram shows. */
const resolution = 20

/** Measures the event loop of this thread from {@link start} to {@link stop}. */
export class OwnLoop {
  #histogram: ReturnType<typeof monitorEventLoopDelay> | undefined

  start (): void {
    this.#histogram = monitorEventLoopDelay({ resolution })
    this.#histogram.enable()
  }

  stop (): void {
    this.#histogram?.disable()
    this.#histogram = undefined
  }

  /** 99 of 100 turns since the last call were no later, in milliseconds; NaN where it is not measured. */
  delay (): number {
    if (this.#histogram === undefined) return NaN
    const delay = Math.max(0, this.#histogram.percentile(99) / 1e6 - resolution)
    this.#histogram.reset()
    return delay
  }
}
