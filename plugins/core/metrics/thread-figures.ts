/** Figures of one thread: its event loop, its memory and what it does. */

import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Instruments } from './instruments.ts'

/** How often the event loop is asked, in milliseconds; a part of every delay that the histogram shows. */
const resolution = 20

/** Percentiles of the delay of the event loop. */
const percentiles = [50, 99, 100] as const

/** Newer releases of Node.js have it. */
const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }

/** Measures from now on. `sample` writes what was found since the last call; `stop` ends it. */
export function measureThread (instruments: Instruments, thread: string): {
  readonly sample: () => void, readonly stop: () => void
} {
  const delays = instruments.gauge({
    name: 'gateway_thread_event_loop_delay_seconds',
    help: 'How late the event loop of a thread was within the last second; the percentile 100 is the longest delay.',
    labelNames: ['thread', 'percentile']
  })
  const utilization = instruments.gauge({
    name: 'gateway_thread_event_loop_utilization',
    help: 'Share of the last second in which the event loop of a thread was busy.',
    labelNames: ['thread']
  }).labels(thread)
  const heap = instruments.gauge({
    name: 'gateway_thread_heap_bytes',
    help: 'JavaScript memory of a thread: what is used, and what is reserved.',
    labelNames: ['thread', 'kind']
  })
  const external = instruments.gauge({
    name: 'gateway_thread_external_memory_bytes',
    help: 'Memory outside the heap that JavaScript of a thread holds, such as buffers.',
    labelNames: ['thread']
  }).labels(thread)
  const cpu = instruments.seriesCounter('gateway_thread_cpu_seconds_total', 'Time that a thread has computed.').at({ thread })
  const delay = percentiles.map(percentile => ({ gauge: delays.labels(thread, String(percentile)), percentile }))
  const [used, total] = [heap.labels(thread, 'used'), heap.labels(thread, 'total')]

  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  let before = performance.eventLoopUtilization()
  let last = performance.now()
  return {
    sample () {
      const [now, busy, memory] = [performance.now(), performance.eventLoopUtilization(), getHeapStatistics()]
      // After a reset the histogram leaves out the next delay. A loop that hardly turns shows in how late this call is.
      const late = now - last - sampleEvery
      for (const { gauge, percentile } of delay) {
        const measured = histogram.percentile(percentile) / 1e6 - resolution
        gauge.set(Math.max(0, measured, percentile === 100 ? late : 0) / 1000)
      }
      utilization.set(performance.eventLoopUtilization(busy, before).utilization)
      used.set(memory.used_heap_size)
      total.set(memory.total_heap_size)
      external.set(memory.external_memory)
      if (threadCpuUsage !== undefined) {
        const { user, system } = threadCpuUsage()
        cpu.value = (user + system) / 1e6
      }
      histogram.reset()
      before = busy
      last = now
    },
    stop: () => histogram.disable()
  }
}

/** How often a thread writes its figures, in milliseconds. */
export const sampleEvery = 1000
