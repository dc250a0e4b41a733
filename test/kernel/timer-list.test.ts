/** Timers of one duration that share one timer of the platform. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import * as fc from 'fast-check'
import { patientlyShared } from '../../src/scheduling/patient-timer.ts'
import { TimerList, type ListedTimer } from '../../src/scheduling/timer-list.ts'

interface Entry extends ListedTimer {
  readonly name: number
}

/** Monotonic time of a list in a test, which goes on with the mocked timers. */
function entry (name: number, endsAt: number, expired: number[]): Entry {
  return { name, endsAt, previous: undefined, next: undefined, expire: () => expired.push(name) }
}

test('timers expire in the order in which they were started, and those that were removed never do', t => {
  fc.assert(fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 12 }), fc.boolean(), (removed, kept) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const expired: number[] = []
    const list = kept ? new TimerList(50, () => {}) : new TimerList(50)
    const end = performance.now()
    const entries = Array.from({ length: 10 }, (_, index) => entry(index, end - 10 + index, expired))
    for (const one of entries) list.add(one)
    const gone = new Set(removed)
    for (const index of gone) list.remove(entries[index]!)
    t.mock.timers.tick(50)
    assert.deepEqual(expired, entries.map(({ name }) => name).filter(name => !gone.has(name)))
    t.mock.timers.reset()
  }), { numRuns: 60 })
})

test('a list that is empty can be filled again, and then wakes up for its first timer', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const expired: number[] = []
  let idle = 0
  const list = new TimerList(50, () => { idle++ })
  const first = entry(1, performance.now() - 1, expired)
  list.add(first)
  list.remove(first)
  list.add(entry(2, performance.now() - 1, expired))
  t.mock.timers.tick(50)
  assert.deepEqual([expired, idle], [[2], 1])
  list.add(entry(3, performance.now() - 1, expired))
  t.mock.timers.tick(49)
  assert.deepEqual(expired, [2])
  t.mock.timers.tick(1)
  assert.deepEqual([expired, idle], [[2, 3], 2])
})

test('a timer that is started while another runs gets its whole time', async () => {
  const order: string[] = []
  const started = performance.now()
  const first = patientlyShared(30, () => order.push('cleared'), undefined)
  await new Promise(resolve => { setTimeout(resolve, 15) })
  const { promise, resolve } = Promise.withResolvers<number>()
  const secondStarted = performance.now()
  patientlyShared(30, () => { order.push('second'); resolve(performance.now()) }, undefined)
  first.clear()
  const called = await promise
  assert.ok(called - secondStarted >= 29 && called - started >= 29)
  await setImmediate()
  assert.deepEqual(order, ['second'])
})

test('timers that were all cleared do not keep the process alive, pending ones do', async t => {
  const child = fork(new URL('waiting-process.ts', import.meta.url), { stdio: 'ignore', execArgv: [] })
  t.after(() => child.kill())
  const [message] = await once(child, 'message') as [{ readonly called: boolean }]
  assert.deepEqual(message, { called: true })
  const [code] = await once(child, 'exit') as [number]
  assert.equal(code, 0)
})
