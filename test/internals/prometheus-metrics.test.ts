import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Counter, Histogram, Registry } from '@prometheus-io/client'
import { metricCalled, metricsOf, register, renamed, type RegisteredMetric } from '../../src/internals/prometheus-metrics.ts'

const own = (name: string): RegisteredMetric => ({
  name,
  type: 'counter',
  get: async () => ({ name, help: 'Own.', type: 'counter', values: [{ labels: { a: 'b' }, value: 3 }] })
})

test('@prometheus-io/client 0.16: a registry prints whatever has name, type and get', async () => {
  const registry = new Registry()
  register(registry, own('own_total'))
  assert.equal(await registry.metrics(), '# HELP own_total Own.\n# TYPE own_total counter\nown_total{a="b"} 3\n')
  assert.throws(() => register(registry, own('own_total')), /already been registered/)
})

test('@prometheus-io/client 0.16: it prints by getForPromString where there is one, with exemplars in OpenMetrics', async () => {
  const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE)
  const exemplar = { labelSet: { trace_id: 'c' }, value: 2, timestamp: 4 }
  const values = [{ metricName: 'own_bucket', labels: { le: '+Inf' }, value: 1, exemplar }]
  const getForPromString = async () => ({ name: 'own', help: 'Own.', type: 'histogram', values })
  register(registry, { ...own('own'), type: 'histogram', getForPromString })
  assert.match(await registry.metrics(), /own_bucket\{le="\+Inf"\} 1 # \{trace_id="c"\} 2 4\n/)
})

test('@prometheus-io/client 0.16: its own metrics have the same shape, and a stand-in leaves their name alone', async () => {
  const registry = new Registry()
  const counter = new Counter({ name: 'real_total', help: 'Real.', labelNames: ['a'], registers: [registry] })
  const histogram = new Histogram({ name: 'real', help: 'Real.', buckets: [1], registers: [registry] })
  counter.inc({ a: 'b' })
  histogram.observe(0.5)
  const open = new Registry(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of metricsOf(registry)) register(open, renamed(metric, metric.name.replace(/_total$/, '_count_of')))
  assert.match(await open.metrics(), /real_count_of_total\{a="b"\} 1\n[^]*real_bucket\{le="1"\} 1\n/)
  assert.equal(metricCalled(registry, 'real_total')?.name, 'real_total')
  assert.deepEqual(metricCalled(registry, 'real_total')?.labelNames, ['a'])
  assert.deepEqual((await metricCalled(registry, 'real_total')!.get()).values[0]!.labels, { a: 'b' })
  metricCalled(registry, 'real_total')!.remove!({ a: 'b' })
  assert.deepEqual((await counter.get()).values, [])
})
