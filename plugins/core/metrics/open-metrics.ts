/** The two text formats of metrics: selects the one that a scraper accepts, and prints all metrics in it. */

import { Registry } from '@prometheus-io/client'
import * as prometheus from '../../../src/internals/prometheus-metrics.ts'

/** A text and its content type. */
export interface Exposition {
  readonly contentType: string
  readonly text: string
}

/** Whether the client prefers OpenMetrics at least as much as plain text (RFC 9110 §12.5.1). Without Accept it gets plain text. */
export function wantsOpenMetrics (accept: string | undefined): boolean {
  const open = quality(accept, 'application/openmetrics-text')
  return open > 0 && open >= quality(accept, 'text/plain')
}

/** Prints some registries as one. Only OpenMetrics has exemplars. */
export async function print (registries: Registry[], open: boolean): Promise<Exposition> {
  if (!open) return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: await Registry.merge(registries).metrics() }
  const printed = new Registry(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const registry of registries) {
    for (const metric of prometheus.metricsOf(registry)) prometheus.register(printed, familyOf(metric))
  }
  return { contentType: Registry.OPENMETRICS_CONTENT_TYPE, text: await printed.metrics() }
}

/**
 * In OpenMetrics a counter's family has no `_total`. The Prometheus client would strip it from the live
 * metric, which would rename it everywhere, so it gets a stand-in.
 */
function familyOf (metric: prometheus.RegisteredMetric): prometheus.RegisteredMetric {
  return prometheus.renamed(metric, metric.type === 'counter' ? metric.name.replace(/_total$/, '') : metric.name)
}

/** The highest weight that a media type is given by name. */
function quality (accept: string | undefined, type: string): number {
  let highest = 0
  for (const part of accept?.split(',') ?? []) {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase())
    if (name !== type) continue
    const weight = parameters.find(text => text.startsWith('q='))
    highest = Math.max(highest, weight === undefined ? 1 : Number(weight.slice(2)) || 0)
  }
  return highest
}
