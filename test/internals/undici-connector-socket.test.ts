import assert from 'node:assert/strict'
import { createServer, Socket } from 'node:net'
import { test } from 'node:test'
import { buildConnector } from 'undici'
import { openWith } from '../../src/internals/undici-connector-socket.ts'
import { listen } from './sides.ts'

test('undici 7.x: a connector returns the socket that it connects', async t => {
  const port = await listen(t, createServer(socket => socket.end()))
  await new Promise<void>((resolve, reject) => {
    const target = { hostname: '127.0.0.1', host: `127.0.0.1:${port}`, protocol: 'http:', port: String(port) }
    const socket = openWith(buildConnector({}), target, (error, opened) => {
      if (error !== null) reject(error)
      assert.equal(opened, socket)
      resolve()
    })
    assert.ok(socket instanceof Socket)
    t.after(() => socket.destroy())
  })
})
