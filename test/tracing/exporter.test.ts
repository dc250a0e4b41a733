/** The exporter alone: what it tells of spans, and how long it waits for a collector that is away. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { SpanExporter } from '../../plugins/core/tracing/exporter.ts'
import type { RecordedSpan } from '../../plugins/core/tracing/recorded-span.ts'
import type { SendResult } from '../../plugins/core/tracing/transport.ts'

const spans = (count: number): RecordedSpan[] => Array.from({ length: count }, () => ({}) as RecordedSpan)
const taken = (rejected = 0): SendResult => ({ taken: true, rejected })
const away = (after = 0): SendResult => ({ taken: false, again: true, after, why: 'away' })

/** An exporter whose time moves only by `pass`, and whose collector responds as `answers` has it, in order. */
function exporter (t: TestContext, answers: readonly SendResult[], random = 1) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const left = [...answers]
  const said: [string, unknown][] = []
  const sent: number[] = []
  const waiting: number[] = []
  const tell = (word: string) => (what?: unknown): void => { said.push([word, what]) }
  const made = new SpanExporter({
    batch: { size: 2, delay: 100, queue: 4 },
    origin: {} as never,
    serializer: { serializeRequest: (batch: readonly RecordedSpan[]) => Buffer.alloc(batch.length) } as never,
    transport: { send: async body => { sent.push(body.length); return left.shift() ?? taken() }, close: async () => {} },
    clock: { now: () => 0, wall: () => 0 },
    random: () => random,
    report: {
      exported: tell('exported'),
      dropped: tell('dropped'),
      failed: tell('failed'),
      failing: tell('failing'),
      recovered: tell('recovered'),
      waiting: spans => { waiting.push(spans) }
    }
  })
  const pass = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  }
  return { made, said, sent, waiting, pass }
}

test('what a collector throws away of a batch counts as failed, the rest as exported', async t => {
  const { made, said, pass } = exporter(t, [taken(1), taken(0), taken(9)])
  for (let batch = 0; batch < 3; batch++) {
    made.push(spans(2))
    await pass(0)
  }
  assert.deepEqual(said, [['exported', 1], ['failed', 1], ['exported', 2], ['exported', 0], ['failed', 2]])
})

test('a batch leaves when it is full, and else after its delay', async t => {
  const { made, sent, pass } = exporter(t, [])
  made.push(spans(1))
  await pass(99)
  assert.deepEqual(sent, [])
  await pass(1)
  assert.deepEqual(sent, [1])
  made.push(spans(1))
  made.push(spans(1))
  await pass(0)
  assert.deepEqual(sent, [1, 2])
})

test('spans of one request are taken together or not at all, up to the bound of the queue, and not after the end', async t => {
  const { made, said } = exporter(t, [])
  made.push(spans(3))
  made.push(spans(2))
  made.push(spans(1))
  assert.deepEqual([made.waiting, said], [4, [['dropped', 2]]])
  await made.close()
  made.push(spans(1))
  assert.deepEqual([made.waiting, said.at(-1)], [0, ['dropped', 1]])
})

test('an outage is told once, pauses double from a second to thirty, and the end of it is told', async t => {
  const outage = Array.from({ length: 8 }, () => away())
  const { made, said, sent, pass } = exporter(t, outage)
  made.push(spans(2))
  await pass(0)
  for (const pause of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]) {
    const before = sent.length
    await pass(pause - 1)
    assert.equal(sent.length, before, `before ${pause}`)
    assert.equal(made.up, false)
    await pass(1)
    assert.equal(sent.length, before + 1, `after ${pause}`)
  }
  assert.equal(made.up, true)
  assert.deepEqual(said, [['failing', 'away'], ['exported', 2], ['recovered', undefined]])
})

test('a pause is shorter by up to a half, by chance; what the collector asks for is heeded up to five minutes', async t => {
  const { made, sent, pass } = exporter(t, [away(), away(10_000), away(3_600_000)], 0)
  made.push(spans(2))
  await pass(0)
  await pass(500)
  assert.equal(sent.length, 2)
  await pass(9999)
  assert.equal(sent.length, 2)
  await pass(1)
  assert.equal(sent.length, 3)
  await pass(299_999)
  assert.equal(sent.length, 3)
  await pass(1)
  assert.equal(sent.length, 4)
})

test('while the collector is away its pause stands, however much comes', async t => {
  const { made, sent, pass } = exporter(t, [away()])
  made.push(spans(2))
  await pass(0)
  made.push(spans(2))
  await pass(999)
  assert.equal(sent.length, 1)
  await pass(1)
  assert.deepEqual(sent, [2, 2])
})

test('what cannot be sent until the end has failed', async t => {
  const { made, said } = exporter(t, [away(), away()])
  made.push(spans(3))
  await made.close()
  assert.deepEqual(said, [['failing', 'away'], ['failed', 3]])
})

test('it is told how many spans wait, whenever that changes', async t => {
  const { made, waiting, pass } = exporter(t, [taken(), { taken: false, again: false, after: 0, why: 'refused' }, away()])
  made.push(spans(3))
  await pass(0)
  await pass(100)
  made.push(spans(2))
  await pass(1000)
  const closed = made.close()
  await pass(5000)
  await closed
  assert.deepEqual(waiting, [3, 1, 0, 2, 0, 0])
})
