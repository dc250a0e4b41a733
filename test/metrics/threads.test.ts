/** One page has what all threads count, whatever becomes of them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageFrom, Pages } from '../../plugins/core/metrics/pages.ts'
import { spreadOf } from '../../plugins/core/metrics/thread-metrics.ts'
import type { Metrics } from '../../plugins/core/metrics/metrics.ts'
import { threadedMetrics } from './threads.ts'

const count = (metrics: Metrics, by: number): void => {
  metrics.seriesCounter('requests_total', 'r').at({ route: 'a', status: 200 }).value += by
  metrics.counter({ name: 'plugin_total', help: 'p', labelNames: ['route'] }).inc({ route: 'a' }, by)
  for (let times = 0; times < by; times++) {
    metrics.seriesHistogram('seconds', 's', [1, 10]).at({ route: 'a' }).observe(0.5)
    metrics.histogram({ name: 'plugin_seconds', help: 's', labelNames: ['route'], buckets: [1] }).observe({ route: 'a' }, 2)
  }
}

const counters = [
  ['requests_total', { route: 'a', status: '200' }, 1],
  ['plugin_total', { route: 'a' }, 1],
  ['seconds_count', { route: 'a' }, 1],
  ['seconds_bucket', { route: 'a', le: '1' }, 1],
  ['seconds_sum', { route: 'a' }, 0.5],
  ['plugin_seconds_count', { route: 'a' }, 1],
  ['plugin_seconds_bucket', { route: 'a', le: '1' }, 0],
  ['plugin_seconds_sum', { route: 'a' }, 2]
] as const

test('counters and histograms of all threads are sums, and never go back when a thread dies or is replaced', async t => {
  const threads = threadedMetrics(t)
  const [first, second] = [threads.join(1), threads.join(2)]
  const expect = async (sum: number): Promise<void> => {
    const page = await threads.scrape()
    for (const [name, labels, each] of counters) assert.equal(page.value(name, labels), sum * each, name)
  }
  count(first, 3)
  count(second, 4)
  await expect(7)
  count(threads.control, 1)
  count(first, 10)
  await expect(18)
  await threads.die(1)
  await expect(18)
  count(second, 1)
  const replacement = threads.join(1)
  await expect(19)
  count(replacement, 2)
  await expect(21)
  // One whose number is taken before the next scrape.
  await threads.die(2)
  count(threads.join(2), 5)
  await expect(26)
})

test('a series that is there already is counted without a message', async t => {
  const threads = threadedMetrics(t)
  const series = threads.join(1).seriesCounter('requests_total', 'r').at({})
  await threads.arrived()
  series.value += 5
  assert.match((await threads.control.print()).text, /^requests_total 5$/m)
})

test('the bound of series holds for the page, however the threads fill it', async t => {
  const threads = threadedMetrics(t, 10)
  const all = [threads.join(1), threads.join(2), threads.join(3)]
  for (const [index, metrics] of all.entries()) {
    for (let n = 0; n < 8; n++) metrics.seriesCounter('requests_total', 'r').at({ route: `${index}-${n}` }).value++
    for (let n = 0; n < 20; n++) metrics.seriesCounter('many_total', 'm').at({ route: `${index}-${n}` }).value++
  }
  for (let n = 0; n < 5; n++) threads.control.seriesCounter('requests_total', 'r').at({ route: `control-${n}` }).value++
  const more = threads.join(4).seriesCounter('requests_total', 'r')
  for (let n = 0; n < 5; n++) more.at({ route: `late-${n}` }).value++
  const page = await threads.scrape()
  const counted = page.counted('requests_total').length
  assert.deepEqual([counted, page.value('requests_total', { route: 'other' })], [11, 24])
  assert.deepEqual([page.counted('many_total').length, page.value('many_total', { route: 'other' })], [11, 50])
  assert.ok(page.value('gateway_metrics_folded_total', { metric: 'many_total' })! >= 50)
})

test('series that leave do so in all threads, and count again when they come back', async t => {
  const threads = threadedMetrics(t)
  const first = threads.join(1)
  const stale = first.seriesCounter('requests_total', 'r').at({ route: 'a' })
  stale.value += 5
  first.seriesCounter('requests_total', 'r').at({ route: 'stays' }).value += 1
  assert.equal((await threads.scrape()).value('requests_total', { route: 'a' }), 5)
  threads.kept.drop([{ label: 'route', names: new Set(['a']) }])
  await threads.arrived()
  // What still counts with it is not counted for another one, which has its memory now.
  first.seriesCounter('requests_total', 'r').at({ route: 'b' }).value += 2
  stale.value += 100
  let page = await threads.scrape()
  assert.deepEqual(['a', 'b', 'stays'].map(route => page.value('requests_total', { route })), [undefined, 2, 1])
  first.seriesCounter('requests_total', 'r').at({ route: 'a' }).value += 3
  page = await threads.scrape()
  assert.deepEqual(['a', 'b', 'stays'].map(route => page.value('requests_total', { route })), [3, 2, 1])
})

test('in OpenMetrics buckets have the latest exemplar of any thread, also after a thread has died', async t => {
  const threads = threadedMetrics(t)
  const observe = (metrics: Metrics, traceId: string, wall: number): void => {
    const trace = { traceId, spanId: 's', parentId: undefined, flags: 1, state: '' }
    metrics.seriesHistogram('seconds', 's', [1]).at({ route: 'a' }).observeIn(trace, 0.5, () => wall)
  }
  const page = async (): Promise<string[]> => {
    await threads.arrived()
    return (await threads.control.print(true)).text.split('\n').filter(line => line.startsWith('seconds_bucket'))
  }
  const [first, second] = [threads.join(1), threads.join(2)]
  observe(first, 'one', 1000)
  observe(first, 'two', 2000)
  observe(second, 'three', 3000)
  const [bucket, beyond] = await page()
  assert.equal(bucket, 'seconds_bucket{route="a",le="1"} 3 # {trace_id="three",span_id="s"} 0.5 3')
  assert.equal(beyond, 'seconds_bucket{route="a",le="+Inf"} 3')
  observe(first, 'four', 4000)
  assert.match((await page())[0]!, /"four"/)
  await threads.die(1)
  assert.match((await page())[0]!, /"four"/)
  observe(second, 'five', 5000)
  assert.match((await page())[0]!, /"five"/)
})

test('what a plugin leaves out in a thread is not printed for this thread', async t => {
  const threads = threadedMetrics(t)
  const counters = [threads.join(1), threads.join(2)].map(metrics =>
    metrics.counter({ name: 'plugin_total', help: 'p', labelNames: ['a'] }))
  for (const counter of counters) counter.inc({ a: 'x' }, 3)
  await threads.arrived()
  counters[0]!.remove({ a: 'x' })
  assert.equal((await threads.scrape()).value('plugin_total', { a: 'x' }), 3)
  counters[1]!.reset()
  assert.equal((await threads.scrape()).value('plugin_total', { a: 'x' }), undefined)
  counters[1]!.inc({ a: 'x' })
  assert.equal((await threads.scrape()).value('plugin_total', { a: 'x' }), 1)
})

test('a gauge is what its aggregator makes of the threads that set it; its own where none does', async t => {
  const threads = threadedMetrics(t)
  const gauge = (metrics: Metrics, aggregator: 'sum' | 'min' | 'max' | 'average' | 'first' | 'omit') =>
    metrics.gauge({ name: `gauge_${aggregator}`, help: 'g', aggregator })
  const aggregators = ['sum', 'min', 'max', 'average', 'first', 'omit'] as const
  const page = async (): Promise<(number | undefined)[]> => {
    const scraped = await threads.scrape()
    return aggregators.map(aggregator => scraped.value(`gauge_${aggregator}`))
  }
  const [first, second] = [threads.join(1), threads.join(2)]
  for (const aggregator of aggregators) {
    gauge(threads.control, aggregator).set(7)
    gauge(first, aggregator)
    gauge(second, aggregator)
  }
  assert.deepEqual(await page(), [7, 7, 7, 7, 7, 7])
  for (const aggregator of aggregators) {
    gauge(first, aggregator).set(1)
    gauge(second, aggregator).set(3)
  }
  assert.deepEqual(await page(), [4, 1, 3, 2, 1, undefined])
  await threads.die(1)
  assert.deepEqual(await page(), [3, 3, 3, 3, 3, undefined])
  threads.join(1)
  assert.deepEqual(await page(), [3, 3, 3, 3, 3, undefined])
})

test('an instrument that another thread has made differently is not mixed with it', async t => {
  const threads = threadedMetrics(t)
  threads.control.counter({ name: 'twice', help: 't', labelNames: ['a'] }).inc({ a: '1' })
  threads.control.seriesHistogram('seconds', 's', [1]).at({}).observe(1)
  const other = threads.join(1)
  other.gauge({ name: 'twice', help: 't' }).set(5)
  other.seriesHistogram('seconds', 's', [1, 2, 3]).at({}).observe(1)
  other.seriesCounter('good_total', 'g').at({}).value++
  const page = await threads.scrape()
  assert.deepEqual([page.value('twice', { a: '1' }), page.value('twice')], [1, undefined])
  assert.deepEqual([page.value('seconds_count'), page.value('good_total')], [1, 1])
})

test('a thread asks the newest generation of the control thread for the page', async () => {
  let answer: ((open: never) => unknown) | undefined
  const pages = new Pages({ answer: (_channel, given) => { answer = question => given(question, 1) } })
  const print = (text: string) => async (open: boolean) => ({ contentType: 'text/plain', text: `${text} ${open}` })
  const [old, next] = [print('old'), print('new')]
  const page = pageFrom({ ask: async (_channel, open) => await answer!(open as never) })
  pages.add(old)
  assert.equal((await page(true)).text, 'old true')
  pages.add(next)
  assert.equal((await page(false)).text, 'new false')
  pages.remove(next)
  assert.equal((await page(false)).text, 'old false')
})

test('the spread of connections is the busiest over the mean', () => {
  assert.deepEqual([[], [0, 0], [5], [4, 4], [9, 3, 0]].map(spreadOf), [1, 1, 1, 1, 2.25])
})
