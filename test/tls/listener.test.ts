/** A listener with TLS: certificates by name, protocols by ALPN, and the limits of handshakes. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { usualHttp2Limits } from '../../src/config/schema/http2-schema.ts'
import { Listener, type ListenerLimits, type ListenerOptions } from '../../src/listeners/listener.ts'
import { CertificateBook, type ServerCertificate } from '../../src/listeners/tls/certificate-book.ts'
import { HandshakeCounter } from '../../src/listeners/tls/handshake-counter.ts'
import type { HandshakeRules } from '../../src/listeners/tls/handshakes.ts'
import { serverCertificate } from '../../src/listeners/tls/server-certificate.ts'
import { issueCertificate } from '../helpers/certificates.ts'
import { ask2, openHttp2 } from '../helpers/http2.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { ask, openTls } from '../helpers/tls.ts'
import { listen as listenTcp } from '../internals/sides.ts'

const book = new CertificateBook([certificateOf('a.test'), certificateOf('b.test')])

const timeouts = { headers: 2000, request: 2000, keepAlive: 2000, write: 2000, linger: 500 }

function certificateOf (host: string, names = [host, `*.${host}`]): ServerCertificate {
  const { cert, key } = issueCertificate({ subject: host, san: names.map(name => `dns:${name}`) })
  return serverCertificate({ cert, key })
}

async function listen (
  t: TestContext,
  options: Partial<ListenerOptions> = {},
  limits: Partial<ListenerLimits & HandshakeRules> = {}
): Promise<{ readonly listener: Listener, readonly url: string, readonly counter: HandshakeCounter }> {
  const counter = new HandshakeCounter()
  const listener = new Listener({
    name: 'test',
    via: 'test',
    headers: 16_384,
    handle: (request, response) => response.end(JSON.stringify([request.url, request.socket.remoteAddress])),
    draining: () => false,
    rejected: () => {},
    failed: () => {},
    handshakes: counter,
    ...options
  })
  const { timeout = 2000, most = 100, ...others } = limits
  listener.apply({ timeouts, connections: 100, ...others })
  listener.secure({ book, timeout, most })
  await listener.open({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    listener.connections.destroyAll()
    await listener.close()
  })
  return { listener, url: listener.address, counter }
}

test('the name that a client sends chooses the certificate', async t => {
  const { url } = await listen(t)
  for (const [servername, host] of [
    ['a.test', 'a.test'], ['b.test', 'b.test'], ['B.Test', 'b.test'], ['x.b.test', 'b.test'],
    ['x.y.b.test', 'a.test'], ['c.test', 'a.test'], ['', 'a.test']
  ] as const) {
    const socket = await openTls(t, url, { servername })
    assert.equal(socket.getPeerCertificate().subject.CN, host, servername)
    assert.match(await ask(socket), /^HTTP\/1\.1 200 [^]*\["\/","127\.0\.0\.1"\]$/)
  }
})

test('a client that offers HTTP/2 gets it where the listener has it, and HTTP/1.1 elsewhere', async t => {
  const { url } = await listen(t, {}, { http2: usualHttp2Limits })
  for (const [offers, choice] of [
    [['h2', 'http/1.1'], 'h2'], [['http/1.1', 'h2'], 'h2'], [['http/1.1'], 'http/1.1'], [undefined, false]
  ] as const) {
    const socket = await openTls(t, url, offers === undefined ? {} : { ALPNProtocols: [...offers] })
    assert.equal(socket.alpnProtocol, choice)
  }
  assert.equal((await ask2(openHttp2(t, url))).text, '["/","127.0.0.1"]')
  const plain = await listen(t)
  assert.equal((await openTls(t, plain.url, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol, 'http/1.1')
  await assert.rejects(openTls(t, plain.url, { ALPNProtocols: ['h2'] }), { code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
  assert.deepEqual(plain.counter.failed, { 'no-common-protocol': 1 })
})

test('an ACME server gets the certificate of its challenge, and nothing else', async t => {
  const { context } = certificateOf('challenge', ['b.test'])
  const { url, counter } = await listen(t, { acme: name => name === 'b.test' ? context : undefined })
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await openTls(t, url, { servername: 'b.test', ALPNProtocols: ['acme-tls/1'], maxVersion })
    assert.deepEqual([socket.alpnProtocol, socket.getPeerCertificate().subject.CN], ['acme-tls/1', 'challenge'])
    socket.resume()
    await once(socket, 'close')
  }
  const usual = await openTls(t, url, { servername: 'b.test' })
  assert.equal(usual.getPeerCertificate().subject.CN, 'b.test')
  await assert.rejects(openTls(t, url, { servername: 'a.test', ALPNProtocols: ['acme-tls/1'] }))
  assert.deepEqual(counter.failed, { 'no-common-protocol': 1 })
})

test('a PROXY protocol header comes before the handshake, also in one packet with it', async t => {
  const { url } = await listen(t, {}, { proxied: () => true })
  const header = Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 5000 443\r\n')
  for (const together of [false, true]) {
    const balancer = createServer(client => {
      const gateway = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
      client.on('error', () => {})
      gateway.pipe(client)
      if (!together) gateway.write(header)
      client.once('data', first => {
        gateway.write(together ? Buffer.concat([header, first]) : first)
        client.pipe(gateway)
      })
    })
    const port = await listenTcp(t, balancer)
    assert.match(await ask(await openTls(t, `https://127.0.0.1:${port}`)), /\["\/","192\.0\.2\.7"\]$/)
  }
})

test('handshakes have a time and a number, and those of others go on', async t => {
  const { url, counter, listener } = await listen(t, {}, { most: 3, timeout: 300 })
  const { port } = new URL(url)
  const slow = Array.from({ length: 10 }, () => connect(Number(port), '127.0.0.1'))
  const closed = slow.map(async socket => await new Promise(resolve => { socket.on('error', () => {}).once('close', resolve).resume() }))
  await Promise.all(slow.map(async socket => await once(socket, 'connect')))
  assert.match(await ask(await openTls(t, url)), /^HTTP\/1\.1 200 /)
  // It dribbles: the time is that of the whole handshake.
  const dribble = setInterval(() => slow.at(-1)!.write(Buffer.from([22])), 50)
  t.after(() => clearInterval(dribble))
  await Promise.all(closed)
  const { 'too-many': many = 0, timeout: late = 0, ...others } = counter.failed
  assert.deepEqual([many + late + (others.malformed ?? 0), many >= 7], [10, true], JSON.stringify(counter.failed))
  assert.match(await ask(await openTls(t, url)), /^HTTP\/1\.1 200 /)
  while (listener.connections.open > 0) await setImmediate()
  assert.deepEqual([counter.underWay, counter.full], [0, 2])
})

test('a client that forgets TLS is told so', async t => {
  const { url, counter } = await listen(t)
  const answer = await exchangeBytes(t, url.replace('https:', 'http:'), 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
  assert.equal(answer.status, 400)
  assert.match(answer.text, /"detail":"Here is https: the client has sent http\."/)
  assert.deepEqual([counter.failed, counter.underWay], [{ 'plain-http': 1 }, 0])
})
