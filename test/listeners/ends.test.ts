/** No state of a connection and no way to end it ends the process, holds a connection for ever or keeps a listener from closing. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startHeldService } from './held-service.ts'
import { ends, enter, statesOf } from './states.ts'

/**
 * Begins a response that goes on and on at `/hold` and one that falls silent at `/quiet`, where only the end
 * of the client can end it, reads bodies, and responds to everything else at once.
 */
async function openDoor (t: TestContext, end: string, server = ''): Promise<TestGateway & { held: () => number }> {
  const service = await startHeldService(t)
  const door = await startGateway(t, `
server:
  host: 127.0.0.1
  port: 0
  timeouts: { headers: 1500ms, request: 3s, keepAlive: 500ms, write: 1s, linger: 500ms }
  shutdown: { timeout: 1s }
  ${server}
upstreams: { back: { targets: ['${service.url}'], timeouts: { idle: ${end === 'silence' ? '3s' : '0s'} } } }
routes: [{ path: /*, upstream: back }]`)
  return { ...door, held: service.held }
}

/** Polls; a connection that never goes lets the test run into its own time limit. */
async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

const open = { public: statesOf('/', ['/hold', '/quiet'], '/'), admin: statesOf('/livez', ['/metrics'], '/reload') }

for (const [end, leave] of Object.entries(ends)) {
  test(`${end} in every state leaves the public listener as it was`, { timeout: 30_000 }, async t => {
    const { gateway, url, held } = await openDoor(t, end)
    await Promise.all(open.public.map(async state => {
      const socket = await enter(url, state)
      t.after(() => socket.destroy())
      leave(socket)
      const { text, status } = await send(url, '/')
      assert.deepEqual([text, status], ['fine', 200], state.name)
      // A client that reads is served for as long as it likes.
      if (state.send.includes('/hold') && state.deaf !== true && !socket.destroyed) socket.pause()
    }))
    await until(() => gateway.connections.public.open === 0 && held() === 0 && gateway.inFlight === 0)
    await gateway.close(0)
  })

  test(`${end} in every state leaves the admin listener as it was`, { timeout: 30_000 }, async t => {
    const { gateway, admin } = await openDoor(t, end)
    await Promise.all(open.admin.map(async state => {
      const socket = await enter(admin, state)
      t.after(() => socket.destroy())
      leave(socket)
      assert.equal((await send(admin, '/livez')).status, 200, state.name)
    }))
    await until(() => gateway.connections.admin.open === 0)
    await gateway.close(0)
  })

  test(`${end} in every state does not hold up the end`, { timeout: 30_000 }, async t => {
    const { gateway, url, admin } = await openDoor(t, end)
    const sockets = await Promise.all([
      ...open.public.map(async state => await enter(url, state)),
      ...open.admin.map(async state => await enter(admin, state))
    ])
    t.after(() => { for (const socket of sockets) socket.destroy() })
    const down = gateway.shutdown()
    for (const socket of sockets) leave(socket)
    await down
    await until(() => gateway.connections.public.open + gateway.connections.admin.open === 0)
  })

  test(`${end} of connections beyond the limit`, { timeout: 30_000 }, async t => {
    const { gateway, url } = await openDoor(t, end, 'limits: { connections: 1 }')
    const first = await enter(url, { name: 'the one that fits', send: 'GET /hold HTTP/1.1\r\nHost: a\r\n\r\n', until: ' 200 ' })
    for (const send of [
      '',
      'GET',
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc'
    ]) {
      const socket = await enter(url, { name: 'surplus', send, ...(send.includes('\r\n\r\n') ? { until: 'HTTP/1.1 ' } : {}) })
      leave(socket)
    }
    first.destroy()
    await until(() => gateway.connections.public.open === 0)
    assert.equal((await send(url, '/')).status, 200)
  })
}
