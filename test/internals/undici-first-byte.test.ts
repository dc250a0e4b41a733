import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FirstByteHandler } from '../../src/internals/undici-first-byte.ts'
import { clientOf, dispatch } from './sides.ts'

class Handler extends FirstByteHandler {}

test('undici 7.x: a handler of the documented kind is told of the first byte by onResponseStarted', async t => {
  for (const [sent, begun] of [['', false], ['HTTP/1.1 200', true]] as const) {
    const client = await clientOf(t, socket => { socket.end(sent) })
    const handler = new Handler()
    assert.ok(await dispatch(client, {}, handler) instanceof Error)
    assert.equal(handler.begun, begun)
  }
})
