import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteUseOnError, useOf } from '../../src/internals/undici-socket-errors.ts'
import { clientOf, dispatch } from './sides.ts'

test('undici 7.x: the error of a socket reaches the handler as the object that was noted on before', async t => {
  let requests = 0
  const client = await clientOf(t, socket => {
    if (++requests === 1) socket.write('HTTP/1.1 204 No Content\r\n\r\n')
    else socket.resetAndDestroy()
  }, (socket, read) => { if (!read) noteUseOnError(socket) })
  assert.equal(await dispatch(client), undefined)
  const error = await dispatch(client)
  assert.deepEqual(useOf(error), { bytesRead: 27, writing: false })
})

test('undici 7.x: an error that it makes itself says how much was read', async t => {
  const client = await clientOf(t, socket => { socket.end('HTTP/1.1 200 OK\r\n') })
  assert.equal(useOf(await dispatch(client))?.bytesRead, 17)
})
