/** The limit that finds itself, against simulated upstreams. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gradient, gradientCells } from '../../plugins/core/overload/gradient.ts'

const options = { initial: 20, min: 5, max: 200, tolerance: 1.5, window: 100 }

/** An upstream that works on `capacity` requests at once and takes 50 ms for each; more of them queue. */
class Service {
  capacity: number
  now = 0

  constructor (capacity: number) {
    this.capacity = capacity
  }

  /** Keeps `open` requests open for a second of its time. */
  run (gradient: Gradient, open: () => number): void {
    for (const end = this.now + 1000; this.now < end; this.now += 10) {
      const waiting = open()
      gradient.sample(50 * Math.max(1, waiting / this.capacity), waiting, this.now)
    }
  }
}

test('while answers take no longer, the limit grows up to its maximum', () => {
  const gradient = new Gradient(options)
  const service = new Service(1000)
  for (let second = 0; second < 60; second++) service.run(gradient, () => gradient.limit)
  assert.equal(gradient.limit, 200)
})

test('when requests queue behind, the limit shrinks, and when the upstream is well again it grows back', () => {
  const gradient = new Gradient(options)
  const service = new Service(100)
  for (let second = 0; second < 20; second++) service.run(gradient, () => gradient.limit)
  const well = gradient.limit
  assert.ok(well >= 100, `${well}`)
  service.capacity = 10
  let least = well
  for (let second = 0; second < 10; second++) {
    service.run(gradient, () => gradient.limit)
    least = Math.min(least, gradient.limit)
  }
  assert.ok(least < well / 3, `${least} of ${well}`)
  service.capacity = 100
  for (let second = 0; second < 20; second++) service.run(gradient, () => gradient.limit)
  assert.ok(gradient.limit >= 100, `${gradient.limit}`)
})

test('the limit never leaves its bounds, whatever the latencies', () => {
  const gradient = new Gradient({ ...options, max: 50 })
  let now = 0
  const series = [1, 1000, 0, 50_000, 0.01, 7, 300_000]
  for (let round = 0; round < 2000; round++) {
    gradient.sample(series[round % series.length]! * (1 + round % 13), 100, now += 10)
    assert.ok(gradient.limit >= 5 && gradient.limit <= 50)
  }
})

test('an upstream that is hardly used teaches nothing', () => {
  const gradient = new Gradient(options)
  const service = new Service(1000)
  for (let second = 0; second < 10; second++) service.run(gradient, () => 3)
  assert.equal(gradient.limit, 20)
})

test('one slow window takes away no more than a tenth', () => {
  const gradient = new Gradient(options)
  const service = new Service(1000)
  for (let second = 0; second < 10; second++) service.run(gradient, () => gradient.limit)
  const before = gradient.limit
  for (let now = 10_000; gradient.limit === before; now += 10) gradient.sample(60_000, gradient.limit, now)
  assert.ok(gradient.limit >= before * 0.9 - 1, `${gradient.limit} of ${before}`)
})

test('a copy goes its own way', () => {
  const cells = Float64Array.from(gradientCells(options))
  const gradient = new Gradient(options, cells)
  const copy = new Gradient(options, cells.slice())
  for (let now = 0; now < 5000; now += 10) copy.sample(50, copy.limit, now)
  assert.ok(copy.limit > 20)
  assert.equal(gradient.limit, 20)
})

test('a long slow time is forgotten in seconds, so that queueing after it is seen', () => {
  const gradient = new Gradient({ ...options, max: 1000 })
  let now = 0
  const windows = (count: number, latency: number): void => {
    for (let sample = 0; sample < count * 10; sample++) gradient.sample(latency, gradient.limit, now += 10)
  }
  windows(700, 100)
  windows(60, 10)
  const before = gradient.limit
  // Four times as long as lately, and yet less than in the slow time.
  windows(10, 40)
  assert.ok(gradient.limit < before * 0.9, `${gradient.limit} of ${before}`)
})

test('a limit of which only a part is used neither grows nor shrinks, and half of it is enough to learn from', () => {
  const limitAfter = (open: number): number => {
    const gradient = new Gradient(options)
    for (let sample = 0, now = 0; sample < 200; sample++) gradient.sample(50, open, now += 10)
    return gradient.limit
  }
  assert.deepEqual([limitAfter(9), limitAfter(12) > 22], [20, true])
})

/** Feeds so many responses, one every `pause` milliseconds, and returns the limit after each. */
function limits (gradient: Gradient, count: number, { latency = 50, open = 200, pause = 10, from = 0 } = {}): number[] {
  return Array.from({ length: count }, (_, index) => {
    gradient.sample(latency, open, from + index * pause)
    return gradient.limit
  })
}

test('the limit moves when a window is over, and not by the first responses of it', () => {
  const changes = limits(new Gradient({ ...options, window: 1000 }), 101)
  assert.deepEqual([changes[99], changes[100]], [20, 20])
  // A fifth of a queue of four, twice: the limit is what is whole of it.
  assert.equal(limits(new Gradient(options), 22).at(-1), 21)
  assert.deepEqual(limits(new Gradient({ ...options, window: 10_000 }), 900), Array(900).fill(20))
})

test('responses that become faster make the limit grow by no more than the queue', () => {
  const gradient = new Gradient(options)
  limits(gradient, 100, { latency: 90 })
  const before = gradient.limit
  limits(gradient, 10, { latency: 60, from: 1000 })
  assert.ok(gradient.limit <= before + 1, `${gradient.limit} after ${before}`)
})

test('how much of the limit is used is a matter of the busiest moment of each window', () => {
  const once = new Gradient(options)
  for (let window = 0; window < 20; window++) {
    limits(once, 5, { open: 15, from: window * 110 })
    limits(once, 6, { open: 1, from: window * 110 + 50 })
  }
  assert.ok(once.limit > 25, 'busy in each')
  const idle = new Gradient(options)
  limits(idle, 11)
  const before = idle.limit
  limits(idle, 1000, { open: 1, from: 110 })
  assert.equal(idle.limit, before, 'busy in the first alone')
})

test('a copy knows how long responses take in the long run', () => {
  const cells = Float64Array.from(gradientCells(options))
  const gradient = new Gradient(options, cells)
  limits(gradient, 300)
  const copy = new Gradient(options, cells.slice())
  for (const one of [gradient, copy]) limits(one, 20, { from: 3000, latency: 40 })
  assert.equal(copy.limit, gradient.limit)
})
