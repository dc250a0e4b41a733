/** The events of a gateway with several threads: one stream, in whatever thread something happens. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { EventFact, GatewayEvent } from '../../src/contract/events.ts'
import { EventStream } from '../../src/gateway/event-stream.ts'
import { takeEventsOf, tellThreads, ThreadEvents } from '../../src/gateway/thread-events.ts'
import { linkedHoldings } from './linked.ts'

const cut = (count: number): EventFact => ({ type: 'requests-cut', cut: count })

function streams (t: TestContext) {
  const { links, join, arrived } = linkedHoldings(t)
  const logged: string[] = []
  const failed: unknown[] = []
  const log = (thread: string) => (fact: EventFact): void => { logged.push(`${thread} ${fact.type}`) }
  const options = { wall: () => 7, generation: () => 3, failed: (error: unknown) => { failed.push(error) } }
  const control = new EventStream({ ...options, log: log('control'), capacity: 3, kept: event => { tellThreads(links, event) } })
  takeEventsOf(links, control)
  const joined = (name: string): ThreadEvents => new ThreadEvents(join().link, { log: log(name), failed: options.failed })
  return { control, joined, arrived, logged, failed }
}

test('an event of a data thread gets its number from the control thread, and its line where it happens', async t => {
  const { control, joined, arrived, logged } = streams(t)
  const thread = joined('one')
  control.emit(cut(1))
  thread.emit(cut(2), new Error('reset'))
  await arrived()
  assert.deepEqual(control.recent(), [
    { type: 'requests-cut', cut: 1, number: 1, time: 7, generation: 3 },
    { type: 'requests-cut', cut: 2, error: 'reset', number: 2, time: 7, generation: 3, thread: 1 }
  ])
  assert.deepEqual(logged, ['control requests-cut', 'one requests-cut'])
})

test('all threads have the latest events, also one that comes later', async t => {
  const { control, joined, arrived } = streams(t)
  const threads = [joined('one'), joined('two')]
  control.emit(cut(1))
  threads[0]!.emit(cut(2))
  threads[1]!.emit(cut(3))
  await arrived()
  control.emit(cut(4))
  const late = joined('three')
  control.emit(cut(5))
  await arrived()
  // The late thread got event 5 on its own, and then once more among those that are kept.
  for (const thread of [...threads, late]) {
    assert.deepEqual(thread.recent().slice(-3), control.recent())
  }
  assert.deepEqual(late.recent().map(({ number }) => number), [3, 4, 5])
})

test('the listener in the control thread hears the events of all threads, each once, and that of a data thread none', async t => {
  const { control, joined, arrived } = streams(t)
  const thread = joined('one')
  const heard: GatewayEvent[] = []
  control.subscribe(event => {
    heard.push(event)
    if (event.type === 'requests-cut') control.emit({ type: 'plugin', plugin: 'pager', message: 'paged' })
  })
  thread.subscribe()
  thread.emit(cut(1))
  await arrived()
  assert.deepEqual(heard.map(({ type, thread }) => [type, thread]), [['requests-cut', 1]])
  assert.deepEqual(control.recent().map(({ type }) => type), ['requests-cut', 'plugin'])
})

test('secrets do not leave the thread, and what cannot be copied is left out', async t => {
  const { control, joined, arrived, failed } = streams(t)
  const thread = joined('one')
  thread.redact = text => text.replaceAll('hunter2', '[redacted]')
  thread.emit({ type: 'plugin', plugin: 'mine', message: 'saw hunter2', data: { call () {}, key: 'hunter2' } }, new Error('hunter2'))
  await arrived()
  const [event] = control.recent()
  assert.ok(event?.type === 'plugin')
  assert.deepEqual([event.message, event.data, event.error], ['saw [redacted]', { call: undefined, key: '[redacted]' }, '[redacted]'])
  assert.deepEqual(failed, [])
})
