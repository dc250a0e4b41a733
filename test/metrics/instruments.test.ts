/** Instruments by name. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { methodLabel } from '../../plugins/core/metrics/method-label.ts'
import { Scrape } from './scrape.ts'

test('a second request for an instrument returns the existing one', () => {
  const instruments = new Instruments(new Registry())
  const counter = { name: 'gateway_a_total', help: 'a', labelNames: ['policy'] } as const
  assert.equal(instruments.counter(counter), instruments.counter(counter))
  assert.equal(instruments.gauge({ name: 'gateway_b', help: 'b' }), instruments.gauge({ name: 'gateway_b', help: 'b' }))
  const histogram = { name: 'gateway_c_seconds', help: 'c', buckets: [1, 2] }
  assert.equal(instruments.histogram(histogram), instruments.histogram(histogram))
  assert.equal(instruments.seriesCounter('gateway_d_total', 'd'), instruments.seriesCounter('gateway_d_total', 'd'))
})

test('a name cannot be two instruments', () => {
  const instruments = new Instruments(new Registry())
  instruments.counter({ name: 'gateway_a_total', help: 'a', labelNames: ['policy'] })
  assert.throws(() => instruments.gauge({ name: 'gateway_a_total', help: 'a', labelNames: ['policy'] }), /gateway_a_total/)
  assert.throws(() => instruments.counter({ name: 'gateway_a_total', help: 'a', labelNames: ['route'] }), /gateway_a_total/)
  assert.throws(() => instruments.seriesCounter('gateway_a_total', 'a'), /gateway_a_total/)
})

/** Lines with their labels in one order. */
function sorted (text: string): string[] {
  return text.replaceAll(/\{(.*)\}/g, (_, labels: string) => `{${labels.split(',').sort().join()}}`).split('\n')
}

test('series are printed like those of the Prometheus client', async () => {
  const [mine, theirs] = [new Registry(), new Registry()]
  const histogram = new Instruments(mine).seriesHistogram('gateway_x_seconds', 'x', [0.1, 1])
  const counter = new Instruments(mine).seriesCounter('gateway_x_total', 'x')
  const labelNames = ['path', 'service']
  const reference = new Histogram({ name: 'gateway_x_seconds', help: 'x', labelNames, buckets: [0.1, 1], registers: [theirs] })
  const referenceCounter = new Counter({ name: 'gateway_x_total', help: 'x', labelNames, registers: [theirs] })
  for (const labels of [{ path: '/a"b\\c\n', service: 's' }, { path: '/b', service: 's' }]) {
    for (const value of [0, 0.1, 0.5, 1, 1.5]) {
      histogram.at(labels).observe(value)
      reference.observe(labels, value)
    }
    counter.at(labels).value += 3
    referenceCounter.inc(labels, 3)
  }
  assert.deepEqual(sorted(await mine.metrics()), sorted(await theirs.metrics()))
})

test('instruments for plugins do and print what those of the Prometheus client do', async () => {
  const [mine, theirs] = [new Registry(), new Registry()]
  const instruments = new Instruments(mine)
  const names = { help: 'x', labelNames: ['a', 'b'] }
  const registers = [theirs]
  for (const { counter, gauge, histogram, plain } of [
    {
      counter: instruments.counter({ name: 'c_total', ...names }),
      gauge: instruments.gauge({ name: 'g', ...names }),
      histogram: instruments.histogram({ name: 'h', ...names, buckets: [1, 2] }),
      plain: [
        instruments.counter({ name: 'plain_total', help: 'x' }),
        instruments.gauge({ name: 'plain', help: 'x' }),
        instruments.histogram({ name: 'plain_seconds', help: 'x' })
      ] as const
    },
    {
      counter: new Counter({ name: 'c_total', ...names, registers }),
      gauge: new Gauge({ name: 'g', ...names, registers }),
      histogram: new Histogram({ name: 'h', ...names, buckets: [1, 2], registers }),
      plain: [
        new Counter({ name: 'plain_total', help: 'x', registers }),
        new Gauge({ name: 'plain', help: 'x', registers }),
        new Histogram({ name: 'plain_seconds', help: 'x', registers })
      ] as const
    }
  ]) {
    const labels = { b: 'two', a: 'one' }
    counter.inc(labels)
    counter.inc(labels, 2)
    counter.labels('one', 'two').inc()
    counter.labels({ a: 'other', b: 'two' }).inc(0)
    counter.inc({ a: 'gone', b: 'two' })
    counter.remove('gone', 'two')
    gauge.set(labels, 5)
    gauge.inc(labels)
    gauge.dec(labels, 3)
    gauge.labels('one', 'two').inc(4)
    gauge.labels('other', 'two').set(-1)
    gauge.labels({ a: 'never', b: 'set' })
    histogram.observe(labels, 1)
    histogram.labels('one', 'two').observe(7)
    histogram.zero({ a: 'zero', b: 'two' })
    const [plainCounter, plainGauge] = plain
    plainCounter.inc()
    plainGauge.set(2)
    plainGauge.reset()
    assert.throws(() => counter.inc(labels, -1))
    assert.throws(() => counter.inc(labels, Infinity))
    assert.throws(() => counter.inc({ c: '' } as never))
    assert.throws(() => counter.labels('one'))
    assert.throws(() => gauge.set(labels, 'much' as never))
    assert.throws(() => histogram.observe(labels, NaN))
  }
  assert.deepEqual(sorted(await mine.metrics()), sorted(await theirs.metrics()).map(line => line.replace('{}', '')))
})

test('timers set and observe seconds', async () => {
  const registry = new Registry()
  const instruments = new Instruments(registry)
  const gauge = instruments.gauge({ name: 'g', help: 'g', labelNames: ['a'] })
  const histogram = instruments.histogram({ name: 'h', help: 'h', labelNames: ['a'] })
  for (const seconds of [gauge.startTimer()({ a: '1' }), histogram.startTimer({ a: '1' })()]) assert.ok(seconds >= 0 && seconds < 60)
  gauge.labels('2').startTimer()()
  histogram.labels('2').startTimer()()
  gauge.setToCurrentTime({ a: '3' })
  const printed = new Scrape(await registry.metrics())
  for (const a of ['1', '2']) {
    assert.ok(printed.value('g', { a })! < 60)
    assert.equal(printed.value('h_count', { a }), 1)
  }
  assert.ok(printed.value('g', { a: '3' })! > 1_700_000_000)
})

test('a handle counts on after its series was left out', async () => {
  const registry = new Registry()
  const instruments = new Instruments(registry)
  const counter = instruments.counter({ name: 'c_total', help: 'c', labelNames: ['a'] })
  const handle = counter.labels('1')
  handle.inc(5)
  counter.reset()
  assert.equal(new Scrape(await registry.metrics()).value('c_total', { a: '1' }), undefined)
  handle.inc(2)
  assert.equal(new Scrape(await registry.metrics()).value('c_total', { a: '1' }), 2)
})

test('labels may be given in any order, and one without a value is empty', async () => {
  const registry = new Registry()
  const counter = new Instruments(registry).counter({ name: 'c_total', help: 'c', labelNames: ['a', 'b'] })
  for (const labels of [{ a: '1', b: '2' }, { b: '2', a: '1' }, { a: '1' }, { b: '1' }, { a: '', b: '1' }]) counter.inc(labels)
  const printed = new Scrape(await registry.metrics())
  assert.deepEqual(
    [{ a: '1', b: '2' }, { a: '1', b: '' }, { a: '', b: '1' }].map(labels => printed.value('c_total', labels)),
    [2, 1, 2]
  )
})

test('the same labels are the same series', async () => {
  const instruments = new Instruments(new Registry())
  const counter = instruments.seriesCounter('gateway_x_total', 'x')
  counter.at({ path: '/a', status: 200 }).value++
  counter.at({ path: '/a', status: 200 }).value++
  counter.at({ path: '/a', status: 404 }).value++
  const printed = new Scrape(await instruments.registry.metrics())
  assert.equal(printed.value('gateway_x_total', { path: '/a', status: '200' }), 2)
  assert.equal(printed.value('gateway_x_total', { path: '/a', status: '404' }), 1)
})

test('only methods that everybody knows are labels', () => {
  assert.deepEqual(
    ['GET', 'DELETE', 'QUERY', 'PROPFIND', 'get', 'X'.repeat(1000)].map(methodLabel),
    ['GET', 'DELETE', 'QUERY', 'OTHER', 'OTHER', 'OTHER']
  )
})
