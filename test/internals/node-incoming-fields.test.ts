import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { setFields } from '../../src/internals/node-incoming-fields.ts'

test('node 24: a message computes its headers and trailers from the fields that it is given', () => {
  const message = new IncomingMessage(new Socket())
  setFields(message, ['Host', 'a', 'x', '1', 'x', '2'])
  assert.deepEqual(message.headers, { host: 'a', x: '1, 2' })
  assert.deepEqual(message.rawHeaders, ['Host', 'a', 'x', '1', 'x', '2'])
  message.complete = true
  setFields(message, ['y', '3'])
  assert.deepEqual(message.trailers, { y: '3' })
  assert.deepEqual(message.headers, { host: 'a', x: '1, 2' })
})
