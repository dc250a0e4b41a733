/** Instruments by name. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@prometheus-io/client'
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

test('series are printed like those of the Prometheus client', async () => {
  const mine = new Instruments(new Registry())
  const histogram = mine.seriesHistogram('gateway_x_seconds', 'x', [0.1, 1])
  const counter = mine.seriesCounter('gateway_x_total', 'x')
  const theirs = new Instruments(new Registry())
  const reference = theirs.histogram({ name: 'gateway_x_seconds', help: 'x', labelNames: ['path', 'service'], buckets: [0.1, 1] })
  const referenceCounter = theirs.counter({ name: 'gateway_x_total', help: 'x', labelNames: ['path', 'service'] })
  for (const labels of [{ path: '/a"b\\c\n', service: 's' }, { path: '/b', service: 's' }]) {
    for (const value of [0, 0.1, 0.5, 1, 1.5]) {
      histogram.at(labels).observe(value)
      reference.observe(labels, value)
    }
    counter.at(labels).value += 3
    referenceCounter.inc(labels, 3)
  }
  const sorted = (text: string): string[] => text.replaceAll(
    /\{(.*)\}/g,
    (_, labels: string) => `{${labels.split(',').sort().join()}}`
  ).split('\n')
  assert.deepEqual(sorted(await mine.registry.metrics()), sorted(await theirs.registry.metrics()))
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
