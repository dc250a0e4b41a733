/** The stream of events: what is kept, who is called, and what of a generation stays when another one serves. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QuietPeriod } from '../../src/collections/quiet-period.ts'
import type { EventFact, GatewayEvent } from '../../src/contract/events.ts'
import { eventsPage, readContract } from '../../src/cli/pages/events-page.ts'
import { eventTypes } from '../../src/gateway/event-log.ts'
import { EventStream, mostSubscribers } from '../../src/gateway/event-stream.ts'
import { GenerationEvents } from '../../src/gateway/generation-events.ts'

const cut = (count: number): EventFact => ({ type: 'requests-cut', cut: count })
const numbers = (events: readonly GatewayEvent[]): number[] => events.map(({ number }) => number)

function setUp (capacity?: number) {
  const logged: EventFact[] = []
  const failed: unknown[] = []
  const time = { wall: 0, generation: 0 }
  const stream = new EventStream({
    wall: () => time.wall,
    generation: () => time.generation,
    log: fact => { logged.push(fact) },
    failed: error => { failed.push(error) },
    ...capacity === undefined ? {} : { capacity }
  })
  return { stream, logged, failed, time }
}

test('an event has a number, a time and the generation that serves', () => {
  const { stream, time } = setUp()
  time.wall = 1_800_000_000_000
  time.generation = 3
  stream.emit(cut(1))
  stream.emit({ type: 'target-reachable', upstream: 'users', target: 'http://a.test' })
  assert.deepEqual(stream.recent(), [
    { type: 'requests-cut', cut: 1, number: 1, time: 1_800_000_000_000, generation: 3 },
    { type: 'target-reachable', upstream: 'users', target: 'http://a.test', number: 2, time: 1_800_000_000_000, generation: 3 }
  ])
})

for (const count of [0, 1, 4, 5, 6, 7, 10, 11]) {
  test(`of ${count} events the latest five are kept, the oldest first`, () => {
    const { stream } = setUp(5)
    for (let number = 1; number <= count; number++) stream.emit(cut(number))
    assert.deepEqual(numbers(stream.recent()), Array.from({ length: Math.min(5, count) }, (_, index) => Math.max(0, count - 5) + index + 1))
  })
}

test('a subscriber that throws harms no other, and is reported', () => {
  const { stream, failed } = setUp()
  const seen: number[] = []
  stream.subscribe(() => { throw new Error('no') })
  const end = stream.subscribe(({ number }) => { seen.push(number) })
  stream.emit(cut(1))
  end()
  stream.emit(cut(2))
  assert.deepEqual(seen, [1])
  assert.deepEqual(failed.map(error => (error as Error).message), ['no', 'no'])
})

test('subscribers are bounded', () => {
  const { stream } = setUp()
  const ends = Array.from({ length: mostSubscribers }, () => stream.subscribe(() => {}))
  assert.throws(() => stream.subscribe(() => {}), /subscribers already/)
  ends[0]!()
  stream.subscribe(() => {})
})

test('a subscriber is not called for what it emits itself, and others are', () => {
  const { stream } = setUp()
  const mine: number[] = []
  const others: number[] = []
  stream.subscribe(({ number }) => {
    mine.push(number)
    stream.emit(cut(number))
  })
  stream.subscribe(({ number }) => { others.push(number) })
  stream.emit(cut(0))
  assert.deepEqual([mine, others.toSorted((a, b) => a - b), numbers(stream.recent())], [[1], [1, 2], [1, 2]])
})

test('secrets are taken out of every text before it is cut, but not of the line of the log', () => {
  const { stream, logged } = setUp()
  stream.redact = text => text.replaceAll('hunter2', '[redacted]')
  const data = { token: 'hunter2', list: ['a hunter2 b'], hunter2: 1, long: `${'x'.repeat(1996)}hunter2` }
  stream.emit({ type: 'plugin', plugin: 'mine', message: 'saw hunter2', data }, new Error('hunter2 is wrong'))
  const [event] = stream.recent()
  assert.ok(event?.type === 'plugin')
  assert.ok(!JSON.stringify(event).includes('hunt'))
  assert.equal(event.error, '[redacted] is wrong')
  assert.deepEqual([event.data!['token'], event.data!['list']], ['[redacted]', ['a [redacted] b']])
  assert.equal((logged[0] as { message: string }).message, 'saw hunter2')
})

test('what is kept is a copy of bounded size, whatever a plugin gives', () => {
  const { stream } = setUp()
  const list = Array.from({ length: 1000 }, (_, index) => index)
  const data: Record<string, unknown> = { text: 'x'.repeat(10_000), list, call () {}, big: 1n }
  data['self'] = data
  stream.emit({ type: 'plugin', plugin: 'mine', message: 'm', data })
  const [event] = stream.recent()
  assert.ok(event?.type === 'plugin')
  data['later'] = true
  assert.deepEqual(Object.keys(event.data!), ['text', 'list', 'call', 'big', 'self'])
  assert.equal((event.data!['list'] as unknown[]).length, 100)
  assert.ok(JSON.stringify(event).length < 20_000)
})

test('listeners of a generation are called while it serves: of two that overlap each event reaches one', () => {
  const { stream } = setUp()
  const seen: string[] = []
  const [one, two] = [new GenerationEvents(stream), new GenerationEvents(stream)]
  one.subscribe(({ number }) => { seen.push(`one ${number}`) })
  one.emit(cut(1))
  one.serve()
  two.subscribe(({ number }) => { seen.push(`two ${number}`) })
  two.emit(cut(2))
  one.end()
  two.serve()
  one.emit(cut(3))
  one.subscribe(({ number }) => { seen.push(`late ${number}`) })
  two.emit(cut(4))
  assert.deepEqual(seen, ['one 2', 'two 3', 'two 4'])
  assert.deepEqual(numbers(two.recent()), [1, 2, 3, 4])
})

test('a rehearsal emits nothing and hears nothing', () => {
  const rehearsal = new GenerationEvents(undefined)
  rehearsal.emit(cut(1))
  rehearsal.subscribe(() => assert.fail())()
  assert.deepEqual(rehearsal.recent(), [])
})

test('the first occurrence after a quiet period is told from the rest', () => {
  const period = new QuietPeriod(100)
  assert.deepEqual([0, 50, 149, 249, 300].map(now => period.isFirst(now)), [true, false, false, true, false])
})

test('the reference page describes every type of event', () => {
  const contract = readContract()
  assert.deepEqual([...contract.keys()], eventTypes)
  const page = eventsPage()
  for (const [type, { help }] of contract) {
    assert.ok(help.endsWith('.'), type)
    assert.ok(page.includes(`**\`${type}\`**: `), type)
  }
})
