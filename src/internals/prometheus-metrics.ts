/**
 * Metrics in a registry of the Prometheus client that are not of its classes.
 *
 * Relies on: of a metric the registry reads `name`, `type` and, when it prints, `getForPromString` where there is
 * one and else `get`; that returns `name`, `help`, `type` and `values`, each with `labels`, `value` and possibly
 * `metricName` and `exemplar`. Its types ask for its own classes.
 * Checked with @prometheus-io/client 0.16.1.
 * Without it: a scrape fails, or lacks the counters and histograms of requests.
 */

import type { Counter, Registry } from '@prometheus-io/client'

/** What a registry prints. */
export interface PrintedMetric {
  readonly name: string
  readonly values: readonly { readonly labels: Readonly<Record<string, string | number>> }[]
}

/** What a registry asks of a metric. */
export interface RegisteredMetric {
  readonly name: string
  readonly type: string
  readonly labelNames?: readonly string[]
  get (): Promise<PrintedMetric>
  getForPromString? (): Promise<PrintedMetric>
  reset? (): void
  /** Leaves out one series. */
  remove? (labels: Readonly<Record<string, string | number>>): void
}

/** Enters a metric. @throws Error when there is another one with its name. */
export function register (registry: Registry, metric: RegisteredMetric): void {
  registry.registerMetric(metric as unknown as Counter)
}

/** All metrics of a registry. */
export function metricsOf (registry: Registry): readonly RegisteredMetric[] {
  return registry.getMetricsAsArray() as unknown as RegisteredMetric[]
}

/** The metric with a name, if there is one. */
export function metricCalled (registry: Registry, name: string): RegisteredMetric | undefined {
  return registry.getSingleMetric(name) as unknown as RegisteredMetric | undefined
}

/** What a registry would print of a metric, under another name. */
export function renamed (metric: RegisteredMetric, name: string): RegisteredMetric {
  return { name, type: metric.type, get: async () => ({ ...await (metric.getForPromString?.() ?? metric.get()), name }) }
}
