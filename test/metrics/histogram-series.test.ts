import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HistogramSeries } from '../../plugins/core/metrics/histogram-series.ts'
import { SeriesCells } from '../../plugins/core/metrics/series-cells.ts'
import type { TraceParent } from '../../src/contract/exchange.ts'

const trace = (
  traceId: string,
  flags: number
): TraceParent => ({ traceId, spanId: `span of ${traceId}`, parentId: undefined, flags, state: '' })

test('a bucket has the trace of the last sampled request that fell into it, with its value and the second', () => {
  const series = new HistogramSeries({ a: 'b' }, [0.1, 1], new SeriesCells().take(4))
  series.observeIn(trace('first', 1), 0.2, () => 1_800_000_000_000)
  series.observeIn(trace('last', 1), 0.3, () => 1_800_000_001_500)
  series.observeIn(trace('not sampled', 0), 0.4, () => 1_800_000_002_000)
  // Only the first of the flags says so.
  series.observeIn(trace('with another flag', 3), 1, () => 1_800_000_003_000)
  series.observeIn(trace('beyond', 1), 7, () => 1_800_000_004_000)
  series.observeIn(undefined, 0.1, () => 0)
  assert.deepEqual([...series.samples('m')].map(({ metricName, labels, value, exemplar }) => [
    metricName,
    labels['le'],
    Math.round(value * 1000) / 1000,
    exemplar
  ]), [
    ['m_bucket', 0.1, 1, undefined],
    [
      'm_bucket',
      1,
      5,
      { labelSet: { trace_id: 'with another flag', span_id: 'span of with another flag' }, value: 1, timestamp: 1_800_000_003 }
    ],
    ['m_bucket', '+Inf', 6, { labelSet: { trace_id: 'beyond', span_id: 'span of beyond' }, value: 7, timestamp: 1_800_000_004 }],
    ['m_sum', undefined, 9, undefined],
    ['m_count', undefined, 6, undefined]
  ])
  series.clear()
  assert.deepEqual([...series.samples('m')], [])
  series.begin()
  assert.deepEqual([...series.samples('m')].map(({ value, exemplar }) => [value, exemplar]), Array(5).fill([0, undefined]))
})
