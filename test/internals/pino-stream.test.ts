import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { streamOf } from '../../src/internals/pino-stream.ts'

test('pino 10.x: a log and its children have their stream under streamSym', () => {
  const stream = { write: () => {} }
  const log = pino({}, stream)
  assert.equal(streamOf(log), stream)
  assert.equal(streamOf(log.child({ a: 1 }, { redact: ['b'] })), stream)
  assert.equal(streamOf({}), undefined)
})
