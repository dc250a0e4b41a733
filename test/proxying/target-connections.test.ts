/** What a target sees of the connections that the gateway opens to it: how many, under which name, with which certificate. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startRawTarget, startService, startTarget } from '../helpers/target.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'

test('a target that asks for a client certificate gets that of the upstream, and the name that the file gives it', async t => {
  const server = createServer({
    cert: certificate,
    key: privateKey,
    requestCert: true,
    rejectUnauthorized: true,
    ca: certificate
  }, (request, response) => {
    const socket = request.socket as TLSSocket
    response.end(JSON.stringify([socket.getPeerCertificate().subject.CN, (socket as TLSSocket & { servername: unknown }).servername]))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => { server.closeAllConnections(); server.close() })
  const { port } = server.address() as AddressInfo
  // With the blank lines that files of keys and YAML blocks bring along.
  const pem = (text: string): string => JSON.stringify(`\n ${text}\n\n`)
  const { url } = await startGateway(t, `
upstreams:
  known: { targets: ["https://127.0.0.1:${port}"], tls: { ca: ${pem(certificate)}, cert: ${pem(certificate)}, key: ${pem(privateKey)},
    serverName: localhost } }
  unknown: { targets: ["https://127.0.0.1:${port}"], tls: { ca: ${pem(certificate)} }, retry: { attempts: 1 } }
  misnamed: { targets: ["https://127.0.0.1:${port}"], tls: { ca: ${pem(certificate)}, cert: ${pem(certificate)},
    key: ${pem(privateKey)}, serverName: other.test }, retry: { attempts: 1 } }
routes: [{ path: /known, upstream: known }, { path: /unknown, upstream: unknown }, { path: /misnamed, upstream: misnamed }]
`)
  assert.equal((await send(url, '/known')).text, '["onedoor-test","localhost"]')
  assert.equal((await send(url, '/unknown')).status, 502)
  const misnamed = await send(url, '/misnamed')
  assert.deepEqual([misnamed.status, misnamed.headers['proxy-status']], [502, 'onedoor; error=tls_certificate_error'])
})

test('with connect: 0s a target may take its time to accept a connection', async t => {
  const server = createServer(
    { cert: certificate, key: privateKey, SNICallback: (_name, done) => { setTimeout(done, 100, null) } },
    (_request, response) => response.end('ok')
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => { server.closeAllConnections(); server.close() })
  const { port } = server.address() as AddressInfo
  const upstream = (connect: string): string =>
    `{ targets: ["https://127.0.0.1:${port}"], tls: { verify: false, serverName: localhost }, ` +
    `timeouts: { connect: ${connect} }, retry: { attempts: 1 } }`
  const { url } = await startGateway(t, `
upstreams: { unbounded: ${upstream('0s')}, bounded: ${upstream('5ms')} }
routes: [{ path: /unbounded, upstream: unbounded }, { path: /bounded, upstream: bounded }]
`)
  assert.equal((await send(url, '/unbounded')).text, 'ok')
  assert.equal((await send(url, '/bounded')).status, 504)
})

test('the limit for connecting does not bound what a connection is used for', async t => {
  const target = await startTarget(t)
  const mute = await startRawTarget(t, socket => socket.resume())
  const { url } = await startGateway(t, `
upstreams:
  back: { targets: ["${target.url}"], timeouts: { connect: 100ms } }
  mute: { targets: ["${mute.url.replace('http', 'https')}"], timeouts: { connect: 100ms }, retry: { attempts: 1 } }
routes: [{ path: /, upstream: back }, { path: /mute, upstream: mute }]
`)
  assert.equal((await send(url, '/')).status, 200)
  // When it is over for this one, it is for the first, too.
  assert.equal((await send(url, '/mute')).status, 504)
  assert.equal((await send(url, '/')).status, 200)
  assert.equal(target.connections, 1)
})

test('a target never has more connections than the file allows, and one request at a time on each', async t => {
  let most = 0
  let open = 0
  const waiting: (() => void)[] = []
  const perSocket = new Map<unknown, number>()
  const target = await startService(t, ({ socket }, response) => {
    perSocket.set(socket, (perSocket.get(socket) ?? 0) + 1)
    assert.equal(perSocket.get(socket), 1)
    waiting.push(() => { perSocket.set(socket, 0); response.end('ok') })
  })
  target.server.on('connection', socket => {
    most = Math.max(most, ++open)
    socket.on('close', () => open--)
  })
  const { url } = await startGateway(t, `
upstreams: { back: { targets: ["${target.url}"], connections: { max: 2, pending: 20 } } }
routes: [{ path: /, upstream: back }]
`)
  const answers = Array.from({ length: 8 }, async (_none, index) => await send(url, '/', { method: index % 2 === 0 ? 'GET' : 'HEAD' }))
  let answered = 0
  for (const answer of answers) void answer.then(() => answered++)
  while (answered < 8) {
    if (waiting.length >= Math.min(2, 8 - answered)) for (const answer of waiting.splice(0)) answer()
    await new Promise(setImmediate)
  }
  assert.deepEqual((await Promise.all(answers)).map(({ status }) => status), Array(8).fill(200))
  assert.equal(most, 2)
})

test('two upstreams have connections and limits of their own to the same target', async t => {
  const held: (() => void)[] = []
  const target = await startService(t, (request, response) => {
    if (request.url === '/a') held.push(() => response.end('a'))
    else response.end('b')
  })
  const { url } = await startGateway(t, `
upstreams:
  a: { targets: ["${target.url}"], connections: { max: 1, pending: 0 } }
  b: { targets: ["${target.url}"], connections: { max: 1, pending: 0 } }
routes: [{ path: /a, upstream: a }, { path: /b, upstream: b }]
`)
  const first = send(url, '/a')
  while (held.length === 0) await new Promise(setImmediate)
  assert.equal((await send(url, '/a')).status, 503)
  assert.equal((await send(url, '/b')).text, 'b')
  held[0]!()
  assert.equal((await first).text, 'a')
})

test('an idle connection is closed after keepAlive, also where the target offers more', async t => {
  const gone: string[] = []
  const target = await startService(t, ({ url, socket }, response) => {
    socket.once('close', () => gone.push(url!))
    if (url === '/offered') response.setHeader('keep-alive', 'timeout=3600')
    response.end('ok')
  })
  target.server.keepAliveTimeout = 0
  const upstream = (keepAlive: string): string => `{ targets: ["${target.url}"], connections: { keepAlive: ${keepAlive} } }`
  const { url } = await startGateway(t, `
upstreams: { long: ${upstream('1h')}, short: ${upstream('100ms')}, offered: ${upstream('100ms')} }
routes: [{ path: /long, upstream: long }, { path: /short, upstream: short }, { path: /offered, upstream: offered }]
`)
  for (const path of ['/long', '/short', '/offered']) assert.equal((await send(url, path)).text, 'ok')
  while (gone.length < 2) await new Promise(resolve => { setTimeout(resolve, 10) })
  assert.deepEqual(gone.toSorted(), ['/offered', '/short'])
})
