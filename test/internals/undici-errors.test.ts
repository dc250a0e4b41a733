import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isParserError, isUnrequestedResponse } from '../../src/internals/undici-errors.ts'
import { clientOf, dispatch } from './sides.ts'

test('undici 7.x: a 101 and a 100 that were not asked for are "bad upgrade" and "bad response"', async t => {
  for (const head of ['HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n']) {
    const error = await dispatch(await clientOf(t, socket => { socket.write(head) }))
    assert.ok(error !== undefined && isUnrequestedResponse(error), `${head.slice(9, 12)}: ${String(error)}`)
    assert.equal((error as NodeJS.ErrnoException).code, 'UND_ERR_SOCKET')
  }
})

test('undici 7.x: what its parser or an assertion rejects has the name HTTPParserError, a code of llhttp or ERR_ASSERTION', async t => {
  for (const head of ['SMTP ready\r\n\r\n', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n', 'HTTP/1.1 099 Low\r\ncontent-length: 0\r\n\r\n']) {
    const error = await dispatch(await clientOf(t, socket => { socket.write(head) }))
    const code = String(error === undefined ? '' : (error as NodeJS.ErrnoException).code)
    assert.ok(error !== undefined && isParserError(error, code), `${JSON.stringify(head)}: ${String(error)}`)
  }
})
