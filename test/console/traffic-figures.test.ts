/** What the traffic is made of: rates, percentiles and seconds, with plain values. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Increases } from '../../plugins/core/console/traffic-increases.ts'
import { percentile } from '../../plugins/core/console/traffic-percentile.ts'
import { Rates } from '../../plugins/core/console/traffic-rates.ts'
import { Seconds } from '../../plugins/core/console/traffic-seconds.ts'

test('a percentile is interpolated inside its bucket, and never beyond the highest bound', () => {
  const of = (counts: readonly number[], part: number): number | null => percentile([1, 2, 4], bucket => counts[bucket]!, part)
  assert.equal(of([0, 0, 0, 0], 0.5), null)
  assert.equal(of([10, 0, 0, 0], 0.5), 0.5)
  assert.equal(of([5, 5, 0, 0], 0.75), 1.5)
  assert.equal(of([0, 0, 4, 0], 1), 4)
  assert.equal(of([1, 0, 0, 9], 0.99), 4)
})

test('rates forget what is older than their seconds, and names that have gone', () => {
  const rates = new Rates(2, 3)
  rates.keep(new Set(['a', 'b']))
  const [a, b] = [rates.find('a')!, rates.find('b')!]
  for (const count of [1, 2, 4, 8]) {
    rates.advance(0.5)
    rates.add(a, 0, count)
  }
  rates.add(b, 1, 5)
  assert.deepEqual([rates.last(a, 0), rates.recent(a, 0), rates.recent(b, 1), rates.seconds], [8, 14, 5, 1.5])
  rates.grow(b, 1, 7)
  rates.keep(new Set(['a', 'c']))
  const c = rates.find('c')!
  assert.deepEqual([rates.find('b'), c, rates.recent(c, 1), rates.total(c, 1)], [undefined, b, 0, 0])
  for (let times = 0; times < 3; times++) rates.advance(1)
  assert.equal(rates.recent(a, 0), 0)
})

test('rates have room for ten thousand names, and keep what they counted when they grow', () => {
  const rates = new Rates(1, 2)
  rates.keep(new Set(['first']))
  rates.advance(1)
  rates.add(rates.find('first')!, 0, 3)
  rates.keep(new Set(['first', ...Array.from({ length: 10_000 }, (_, index) => `route ${index}`)]))
  rates.add(rates.find('route 9999')!, 0, 1)
  assert.deepEqual([rates.recent(rates.find('first')!, 0), rates.recent(rates.find('route 9999')!, 0)], [3, 1])
  assert.equal(new Set(Array.from({ length: 10_000 }, (_, index) => rates.find(`route ${index}`))).size, 10_000)
})

test('what series had counted before the first look is not new, and what a later one has counted is', () => {
  const values: Record<string, number> = { old: 5 }
  const all: { labels: { name: string }, size: number, read: (into: Float64Array) => void }[] = []
  const add = (name: string): void => {
    all.push({ labels: { name }, size: 1, read: into => { into[0] = values[name]! } })
  }
  add('old')
  const increases = new Increases()
  const look = (anew = false): [unknown, number, number][] => {
    const seen: [unknown, number, number][] = []
    increases.look({ bounds: [], all }, anew, ({ name }, [more = 0], [grown = 0]) => { seen.push([name, more, grown]) })
    return seen
  }
  assert.deepEqual(look(true), [['old', 0, 5]])
  Object.assign(values, { old: 7, young: 3, unused: NaN })
  add('young')
  add('unused')
  assert.deepEqual(look(), [['old', 2, 2], ['young', 3, 3]])
  assert.deepEqual(look(), [], 'what has counted nothing is passed over')
  assert.deepEqual(look(true), [['old', 0, 7], ['young', 0, 3]])
  values['old'] = 1
  assert.deepEqual(look(), [['old', 0, 0]])
  all.shift()
  assert.deepEqual(look(), [])
})

test('seconds are kept up to a number of them, and those after a second can be asked for', () => {
  const seconds = new Seconds(3)
  const zero = { requests: 0, client: 0, upstream: 0, gateway: 0, plugin: 0, inFlight: 0, connections: 0, memory: 0 }
  for (const second of [10, 11, 12, 13]) seconds.add(second, { ...zero, requests: second, p50: NaN, p95: 1.23456, p99: 2, loopDelay: NaN })
  assert.deepEqual(seconds.after(0).map(({ second, requests }) => [second, requests]), [[11, 11], [12, 12], [13, 13]])
  const [last] = seconds.after(12)
  assert.deepEqual([last!.second, last!.p50, last!.p95, last!.loopDelay], [13, null, 1.235, null])
})
