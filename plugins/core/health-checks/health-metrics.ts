/** Metrics of the health of targets. */

import type { FastifyInstance } from 'fastify'
import type { HealthChecksConfig } from './options.ts'
import type { OutlierReason } from './outlier-record.ts'
import type { CheckName } from './traffic-check.ts'

/** The labels of a target. */
export interface Labels {
  readonly upstream: string
  readonly backend: string
}

/** The state of a target. */
export interface Standing {
  readonly healthy: boolean
  readonly drained: boolean
  /** Undefined without passive checks. */
  readonly errorRate: number | undefined
}

type Instruments = Pick<FastifyInstance['metrics'], 'counter' | 'gauge'>

const target = ['upstream', 'backend'] as const

function instruments (metrics: Instruments) {
  return {
    healthy: metrics.gauge({
      name: 'gateway_backend_healthy',
      help: 'Whether a target counts as healthy: 1 yes or not known, 0 no.',
      labelNames: target
    }),
    drained: metrics.gauge({
      name: 'gateway_backend_drained',
      help: 'Whether an operator keeps requests away from a target: 1 yes, 0 no.',
      labelNames: target
    }),
    errorRate: metrics.gauge({
      name: 'gateway_backend_error_ratio',
      help: 'Share of failed requests in the window of the passive health check.',
      labelNames: target
    }),
    probes: metrics.counter({
      name: 'gateway_health_checks_total',
      help: 'Probes of targets by result.',
      labelNames: [...target, 'result']
    }),
    transitions: metrics.counter({
      name: 'gateway_health_transitions_total',
      help: 'Changes of the health of targets by the check that noticed.',
      labelNames: [...target, 'check', 'to']
    }),
    ejections: metrics.counter({
      name: 'gateway_outlier_ejections_total',
      help: 'Ejections of outliers by what gave them away.',
      labelNames: [...target, 'reason']
    })
  }
}

export class HealthMetrics {
  readonly #instruments: ReturnType<typeof instruments>

  constructor (metrics: Instruments) {
    this.#instruments = instruments(metrics)
  }

  /** Shows counters at 0 for what a target can do, so that the first time is seen as an increase. */
  begin (labels: Labels, checks: HealthChecksConfig): void {
    const { probes, transitions } = this.#instruments
    for (const check of ['active', 'passive', 'outliers'] as const) {
      if (checks[check] !== undefined) for (const to of ['healthy', 'unhealthy']) transitions.inc({ ...labels, check, to }, 0)
    }
    if (checks.active !== undefined) for (const result of ['success', 'failure']) probes.inc({ ...labels, result }, 0)
  }

  probed (labels: Labels, passed: boolean): void {
    this.#instruments.probes.inc({ ...labels, result: passed ? 'success' : 'failure' })
  }

  changed (labels: Labels, check: CheckName, healthy: boolean): void {
    this.#instruments.transitions.inc({ ...labels, check, to: healthy ? 'healthy' : 'unhealthy' })
  }

  ejected (labels: Labels, reason: OutlierReason): void {
    this.#instruments.ejections.inc({ ...labels, reason })
  }

  /** Removes the series of targets that a reload removed. */
  reset (): void {
    const { healthy, drained, errorRate } = this.#instruments
    for (const gauge of [healthy, drained, errorRate]) gauge.reset()
  }

  show (labels: Labels, { healthy, drained, errorRate }: Standing): void {
    this.#instruments.healthy.set({ ...labels }, healthy ? 1 : 0)
    this.#instruments.drained.set({ ...labels }, drained ? 1 : 0)
    if (errorRate !== undefined) this.#instruments.errorRate.set({ ...labels }, errorRate)
  }
}
