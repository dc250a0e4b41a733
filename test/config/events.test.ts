/** A long text is read by a thread of its own, and what comes of it is what the parser gives here. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { getScalarValue, type Event, type ScalarEvent } from 'js-yaml'
import { findEventsInThread } from '../../src/config/read/events-in-thread.ts'
import { findEvents, PackedEvents, packEvents, type Events } from '../../src/config/read/events.ts'
import { startGateway } from '../helpers/gateway.ts'

const filling = `# ${'x'.repeat(100)}\n`.repeat(1000)
const everyKind = `${filling}a: &a !!str plain\nb: ['single ''s', "double \\u00e9\\n", *a, ~, {x: 1, y}]\n? complex\n: |+\n  ` +
  `kept\n\nc: >-\n  folded\n  text ü 😀\nd:\ne: !!set {}\n? [1]\n: 2\n---\nsecond: 1\n`

/** The threads that the process starts while the test runs. */
function threads (t: TestContext): Worker[] {
  const started: Worker[] = []
  const listener = (worker: Worker): void => { started.push(worker) }
  process.on('worker', listener)
  t.after(() => process.off('worker', listener))
  return started
}

/** The thread alone keeps no process alive. */
function stayAlive (t: TestContext): void {
  const timer = setInterval(() => {}, 1000)
  t.after(() => clearInterval(timer))
}

/** A module for a thread. */
function module (code: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}

function listed (events: Events): Event[] {
  return Array.from({ length: events.length }, (_, index) => events.at(index)!)
}

/** Asserts that whatever an event says here it says after the way between threads too. */
function assertSame (text: string, events: Events): void {
  const here = findEvents(text)
  assert.ok('events' in here)
  assert.equal(events.length, here.events.length)
  assert.equal(events.at(events.length), undefined)
  for (const [index, event] of here.events.entries()) {
    const other = events.at(index)!
    // Of a document nothing but that there is one.
    const { type, ...rest } = event
    assert.equal(other.type, type)
    if (!('directives' in rest)) {
      for (const [key, value] of Object.entries(rest)) {
        assert.equal((other as unknown as Record<string, unknown>)[key], value, `${key} of event ${index}`)
      }
    }
    if ('valueStart' in event) assert.equal(getScalarValue(text, other as ScalarEvent), getScalarValue(text, event))
  }
}

test('every field of every kind of event goes the way between threads', () => {
  const found = findEvents(everyKind)
  assert.ok('events' in found)
  assert.deepEqual(new Set(found.events.map(({ type }) => type)), new Set([1, 2, 3, 4, 5, 6]))
  assertSame(everyKind, new PackedEvents(packEvents(found.events)))
})

test('a long text is read by one thread, which has ended then', async t => {
  stayAlive(t)
  const started = threads(t)
  const found = await findEventsInThread(everyKind)
  assert.ok('events' in found)
  assertSame(everyKind, found.events)
  assert.deepEqual(started.map(({ threadId }) => threadId), [-1])
})

test('a long text that is not YAML has the same fault at the same place', async t => {
  stayAlive(t)
  const started = threads(t)
  for (const broken of ['a: "b\n', 'a:\n\tb: 1\n', 'a: [1, 2\n', 'a: \u0000\n', `a: ${'['.repeat(100)}\n`, 'a: 1\n b: 2\n', '%FOO\n']) {
    const found = await findEventsInThread(filling + broken)
    assert.ok('fault' in found, broken)
    assert.deepEqual(found, findEvents(filling + broken))
  }
  assert.equal(started.length, 7)
})

test('a short text needs no thread', async t => {
  const started = threads(t)
  assert.deepEqual(await findEventsInThread('a: 1\n'), findEvents('a: 1\n'))
  assert.equal(started.length, 0)
})

for (const [name, thread] of [
  ['that cannot be loaded', new URL('none.ts', import.meta.url)],
  ['that throws', module('throw new Error("no")')],
  ['that says nothing', module('')],
  ['that ends itself', module('process.exit(1)')],
  ['that cannot be started', new URL('https://example.com/none.js')]
] as const) {
  test(`in place of a thread ${name} the text is read here`, async t => {
    stayAlive(t)
    const found = await findEventsInThread(everyKind, { thread })
    assert.ok('events' in found)
    assert.deepEqual(listed(found.events), listed((findEvents(everyKind) as { events: Event[] }).events))
  })
}

test('a thread that takes too long is ended, and its text is refused and not read here', async t => {
  stayAlive(t)
  const started = threads(t)
  assert.deepEqual(
    await findEventsInThread(everyKind, { thread: module('for (;;) {}'), timeout: 50 }),
    { fault: { reason: 'it took longer than 0.05 s to read', offset: 0 } }
  )
  assert.deepEqual(started.map(({ threadId }) => threadId), [-1])
})

const large = (word: string): string => `upstreams: { a: { targets: ["http://127.0.0.1:1"] } }
routes:
  - { path: /, respond: { text: ${word} } }
${filling}`

test('a reload parses a large file beside the event loop; a start does not, nor does a reload of a small one', async t => {
  const started = threads(t)
  const { gateway, write, url } = await startGateway(t, large('one'))
  assert.equal(started.length, 0)
  write(large('two'))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(started.length, 1)
  assert.equal(await (await fetch(url)).text(), 'two')
  write(`${large('three')}x:\n\ty: 1\n`)
  const { ok, problems } = await gateway.reload('test')
  assert.equal(ok, false)
  assert.match(problems.join(), /gateway\.yaml:\d+:\d+ {2}a tab is used for indentation/)
  assert.equal(started.length, 2)
  write(large('four').replace(filling, ''))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.deepEqual(started.map(({ threadId }) => threadId), [-1, -1])
})

test('a shutdown does not leave a thread behind', async t => {
  stayAlive(t)
  const { gateway, write } = await startGateway(t, large('one'))
  write(large('two'))
  const parsing = once(process, 'worker') as Promise<[Worker]>
  const reloaded = gateway.reload('test')
  const [worker] = await parsing
  await gateway.close(0)
  assert.equal((await reloaded).ok, false)
  assert.equal(worker.threadId, -1)
})
