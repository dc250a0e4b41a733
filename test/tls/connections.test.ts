/** HTTP/1.1 over TLS keeps the promises of a connection: states and ends, refusals of uploads, clients that read nothing. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { issueCertificate } from '../helpers/certificates.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { ask, openTls } from '../helpers/tls.ts'
import { startHeldService } from '../listeners/held-service.ts'
import { ends, enter, statesOf, type State } from '../listeners/states.ts'

const { cert, key } = issueCertificate({ subject: 'a.test', san: ['dns:a.test'] })
/** A response goes on and on at `/hold`, and falls silent at `/quiet`; bodies are read, and everything else is responded to at once. */
async function openDoor (t: TestContext, timeouts: string, upstream = ''): Promise<TestGateway & { held: () => number }> {
  const service = await startHeldService(t)
  const door = await startGateway(t, `
server: { timeouts: { ${timeouts} }, shutdown: { timeout: 1s }, limits: { body: 1mb } }
listeners: [{ host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: a.pem, key: a.key }], handshakeTimeout: 500ms } }]
upstreams: { back: { targets: ['${service.url}']${upstream} } }
routes: [{ path: /*, upstream: back }]`, { files: { 'a.pem': cert, 'a.key': key } })
  return { ...door, held: service.held }
}

async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

/** Before TLS is agreed on. */
const handshakes: State[] = [
  { name: 'before a byte of the handshake', send: '' },
  { name: 'in the ClientHello', send: '\x16\x03\x01\x01\x00\x01\x00' },
  { name: 'HTTP instead of TLS', send: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' },
  { name: 'junk instead of TLS', send: 'junk junk junk' }
]

describe('the states of a connection', { concurrency: true }, () => {
  for (const [end, leave] of Object.entries(ends)) {
    test(`${end} in every state leaves the listener as it was`, { timeout: 30_000 }, async t => {
      const door = await openDoor(t, 'headers: 1500ms, request: 3s, keepAlive: 500ms, write: 1s, linger: 500ms',
        `, timeouts: { idle: ${end === 'silence' ? '3s' : '0s'} }`)
      const { gateway, url, held } = door
      const states = statesOf('/', ['/hold', '/quiet'], '/')
      await Promise.all([
        ...states.map(async state => {
          const socket = await enter(url, state)
          t.after(() => socket.destroy())
          leave(socket)
          // A client that reads is served for as long as it likes.
          if (state.send.includes('/hold') && state.deaf !== true && !socket.destroyed) socket.pause()
        }),
        ...handshakes.map(async state => {
          const socket = await enter(url.replace('https:', 'http:'), state)
          t.after(() => socket.destroy())
          leave(socket)
        })
      ])
      assert.match(await ask(await openTls(t, url)), /^HTTP\/1\.1 200 [^]*fine/)
      await until(() => gateway.connections.public.open === 0 && held() === 0 && gateway.inFlight === 0)
      assert.equal(gateway.handshakes.underWay, 0)
      await gateway.close(0)
    })
  }

  test('every state of a connection lets the gateway end', { timeout: 30_000 }, async t => {
    const { gateway, url } = await openDoor(t, 'linger: 500ms, write: 1s')
    const sockets: Socket[] = await Promise.all([
      ...statesOf('/', ['/hold', '/quiet'], '/').map(async state => await enter(url, state)),
      ...handshakes.map(async state => await enter(url.replace('https:', 'http:'), state))
    ])
    t.after(() => { for (const socket of sockets) socket.destroy() })
    await gateway.shutdown()
    await until(() => gateway.connections.public.open === 0)
  })
})

test('a refusal in the middle of an upload reaches a client that reads only when it has sent everything', { timeout: 30_000 }, async t => {
  const { url } = await openDoor(t, 'linger: 1s')
  const size = 16_000_000
  const socket = await openTls(t, url)
  socket.pause().write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  for (let sent = 0; sent < size; sent += 250_000) {
    await new Promise<void>((resolve, reject) => {
      socket.write(Buffer.alloc(250_000), error => { if (error) reject(error); else resolve() })
    })
  }
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() }).resume()
  await once(socket, 'close')
  assert.match(text, /^HTTP\/1\.1 413 /)
})

test('clients that read nothing are cut; one that reads now and then is served', { timeout: 30_000 }, async t => {
  const { url, held, logs, gateway } = await openDoor(t, 'write: 1s')
  const sipping = await openTls(t, url)
  sipping.on('data', () => sipping.pause())
  sipping.write('GET /hold HTTP/1.1\r\nHost: a\r\n\r\n')
  const sip = setInterval(() => sipping.resume(), 5)
  t.after(() => clearInterval(sip))
  for (let i = 0; i < 10; i++) {
    const socket = await openTls(t, url)
    socket.pause().write('GET /hold HTTP/1.1\r\nHost: a\r\n\r\n')
  }
  await until(() => held() === 11)
  await until(() => held() === 1)
  assert.deepEqual(logs.filter(({ code }) => code !== undefined).map(({ code }) => code), Array(10).fill('client-stalled'))
  assert.equal(sipping.destroyed, false)
  sipping.destroy()
  await until(() => held() === 0 && gateway.connections.public.open === 0)
})

test('connections beyond the limit get a 503 after their handshake', async t => {
  const { url } = await startGateway(t, `
server: { limits: { connections: 1 } }
listeners: [{ host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: a.pem, key: a.key }] } }]
routes: [{ path: /*, respond: {} }]`, { files: { 'a.pem': cert, 'a.key': key } })
  const raw = connect(Number(new URL(url).port), '127.0.0.1')
  t.after(() => raw.destroy())
  await once(raw, 'connect')
  assert.match(await ask(await openTls(t, url)), /^HTTP\/1\.1 503 [^]*"code":"overloaded"/)
})
