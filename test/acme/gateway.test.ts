/** A gateway that gets its certificates by itself, over real connections. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import { acmeProtocol } from '../../src/listeners/tls/handshakes.ts'
import { signingRequest } from '../../src/acme/csr.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { noPebble, startPebble } from '../helpers/pebble.ts'
import { freePort } from '../helpers/target.ts'
import { newKey } from './session.ts'
import { problem, startDirectory, type StubDirectory } from './stub-directory.ts'

type Ports = readonly [number, number]

const routes = `routes:
  - { path: /*, host: shop.example, respond: { text: shop } }
`

/** A gateway with a plain listener and one with TLS. */
async function start (t: TestContext, acme: string, ports: Ports, more = '', threads = 1): Promise<TestGateway> {
  return await startGateway(t, `server: { threads: ${threads} }
listeners:
  - { host: 127.0.0.1, port: ${ports[0]}${more} }
  - host: 127.0.0.1
    port: ${ports[1]}
    tls: { acme: { agreeToTerms: true, ${acme} } }
admin: { port: 0 }
${routes}`, { random: () => 0, threaded: threads > 1 })
}

/** The same on ports of its own, with a directory in memory. */
async function withStub (t: TestContext, directory: StubDirectory, more = ''): Promise<TestGateway & { readonly ports: Ports }> {
  const ports = [await freePort(), await freePort()] as const
  return { ...await start(t, `directory: "${directory.url}/directory"${more}`, ports), ports }
}

/** Shakes hands for a host. */
async function shake (port: number, servername: string, ca: string, ALPNProtocols: string[] = ['http/1.1']): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername, ca, ALPNProtocols })
  await once(socket, 'secureConnect')
  return socket
}

/** Sends a request on a connection and returns its response. */
async function exchange (socket: TLSSocket, host = 'shop.example'): Promise<string> {
  socket.write(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  const [chunk] = await once(socket, 'data') as [Buffer]
  return chunk.toString()
}

function leafOf (socket: TLSSocket): X509Certificate {
  return socket.getPeerX509Certificate()!
}

/** 1.3.6.1.5.5.7.1.31, critical. */
const acmeIdentifier = Buffer.from('06082b0601050507011f0101ff', 'hex')

const issued = (line: Record<string, unknown>): boolean => line['msg'] === 'certificate issued'

for (const challenge of ['http-01', 'tls-alpn-01']) {
  test(`a gateway gets a certificate from Pebble by ${challenge}, and serves it`, { skip: noPebble }, async t => {
    const pebble = await startPebble(t)
    const acme = `directory: "${pebble.directory}", directoryCa: "${pebble.ca.replaceAll('\n', '\\n')}", challenge: ${challenge}`
    const { logged, folder } = await start(t, acme, [pebble.httpPort, pebble.tlsPort], ', redirectToHttps: true')
    const line = await logged(issued)
    assert.deepEqual(line['hosts'], ['shop.example'])
    const socket = await shake(pebble.tlsPort, 'shop.example', await pebble.root())
    t.after(() => socket.destroy())
    assert.ok(socket.authorized)
    assert.match(await exchange(socket), /^HTTP\/1\.1 200 OK\r\n[^]*shop$/)
    assert.ok(readFileSync(join(folder, 'acme', new URL(pebble.directory).host.replace(':', '-') + '-dir', 'shop.example.pem'), 'utf8'))
  })
}

test('until the first certificate handshakes fail; the challenge of TLS-ALPN-01 has one of its own, for that protocol only', async t => {
  const directory = await startDirectory(t)
  const ports = [await freePort(), await freePort()] as const
  let before: unknown
  directory.behaviour = {
    async passes (host) {
      before = await shake(ports[1], host, directory.authority.root).catch((error: unknown) => error)
      const ALPNProtocols = [acmeProtocol]
      const socket = connect({ host: '127.0.0.1', port: ports[1], servername: host, ALPNProtocols, rejectUnauthorized: false })
      await once(socket, 'secureConnect')
      const { raw, subjectAltName } = leafOf(socket)
      socket.destroy()
      return socket.alpnProtocol === acmeProtocol && subjectAltName === 'DNS:shop.example' && raw.includes(acmeIdentifier)
    }
  }
  const { logged } = await start(t, `directory: "${directory.url}/directory", challenge: tls-alpn-01`, ports)
  await logged(issued)
  assert.match(String(before), /handshake failure|EPROTO|ECONNRESET|disconnected/)
  const socket = await shake(ports[1], 'shop.example', directory.authority.root)
  const { authorized } = socket
  // A gateway that is closed at once may reset a connection whose handshake only the client has finished.
  socket.destroy()
  assert.ok(authorized)
})

test('HTTP-01 comes before routes and redirects, and what is no challenge goes on to them', async t => {
  const directory = await startDirectory(t)
  const ports = [await freePort(), await freePort()] as const
  const base = `http://127.0.0.1:${ports[0]}`
  const seen: { readonly status: number, readonly text: string, readonly token: string }[] = []
  directory.behaviour = {
    async passes (_host, token) {
      const { status, text } = await send(base, `/.well-known/acme-challenge/${token}`, { headers: { host: 'shop.example' } })
      seen.push({ status, text, token })
      return status === 200
    }
  }
  const { logged } = await start(t, `directory: "${directory.url}/directory", challenge: http-01`, ports, ', redirectToHttps: true')
  await logged(issued)
  const [{ text, token }] = seen as [typeof seen[0]]
  assert.match(text, new RegExp(`^${token}\\.[\\w-]{43}$`))
  const answers = await Promise.all([`/.well-known/acme-challenge/${token}`, '/'].map(
    async path => await send(base, path, { headers: { host: 'shop.example' } })
  ))
  // Paths of challenges are not redirected: another program may respond to them.
  assert.deepEqual(answers.map(({ status, text: body }) => [status, body]), [[200, 'shop'], [308, answers[1]!.text]])
})

for (const challenge of ['http-01', 'tls-alpn-01']) {
  test(`all threads answer a challenge of ${challenge} that one of them has begun, and serve the certificate`, async t => {
    const directory = await startDirectory(t)
    const ports = [await freePort(), await freePort()] as const
    const base = `http://127.0.0.1:${ports[0]}`
    const answers = async (host: string, token: string): Promise<boolean> => {
      const path = `/.well-known/acme-challenge/${token}`
      if (challenge === 'http-01') return (await send(base, path, { headers: { host, connection: 'close' } })).status === 200
      const ALPNProtocols = [acmeProtocol]
      const socket = connect({ host: '127.0.0.1', port: ports[1], servername: host, ALPNProtocols, rejectUnauthorized: false })
      return await once(socket, 'secureConnect').then(() => socket.destroy(), () => false) !== false
    }
    /** So often in a row that all threads have been asked, as good as certainly. */
    const always = async (answer: () => Promise<boolean>): Promise<void> => {
      for (let row = 0; row < 30;) row = await answer() ? row + 1 : 0
    }
    directory.behaviour = {
      async passes (host, token) {
        // Where they read it if it has not reached them yet.
        rmSync(join(folder, 'acme'), { recursive: true, force: true })
        await always(async () => await answers(host, token))
        return true
      }
    }
    const { logged, folder } = await start(t, `directory: "${directory.url}/directory", challenge: ${challenge}`, ports, '', 2)
    await logged(issued)
    await always(async () => {
      const socket = await shake(ports[1], 'shop.example', directory.authority.root).catch(() => undefined)
      socket?.destroy()
      return socket?.authorized === true
    })
    assert.equal(directory.orders.length, 1)
  })
}

test('a certificate that another gateway puts into the folder is served at once, and open connections live on', async t => {
  const directory = await startDirectory(t)
  const { ports, logged, folder } = await withStub(t, directory)
  await logged(issued)
  const { root } = directory.authority
  const open = await shake(ports[1], 'shop.example', root)
  t.after(() => open.destroy())
  const key = newKey()
  const now = Date.now()
  const leaf = directory.authority.issue(signingRequest(['shop.example'], key), { from: now - 1000, to: now + 1e9 })
  const file = join(folder, 'acme', `${new URL(directory.url).host.replace(':', '-')}-directory`, 'shop.example.pem')
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }) + leaf + root)
  await logged(line => line['msg'] === 'certificate of another gateway is in use')
  const next = await shake(ports[1], 'shop.example', root)
  t.after(() => next.destroy())
  assert.equal(leafOf(next).serialNumber, new X509Certificate(leaf).serialNumber)
  for (let time = 0; time < 2; time++) assert.match(await exchange(open), /^HTTP\/1\.1 200 OK/)
})

test('a failure is logged with the problem of the directory, and stands in events, metrics and readiness', async t => {
  const rejected = problem('rejectedIdentifier', 400, 'not yours')
  const directory = await startDirectory(t, { intercept: ({ path }) => path === '/new-order' ? rejected : undefined })
  const { logged, admin } = await withStub(t, directory)
  const line = await logged(({ msg }) => msg === 'certificate not issued, trying again')
  assert.equal(line['problem'], 'rejectedIdentifier')
  assert.match(String(line['why']), /not yours \(rejectedIdentifier\)$/)
  const metrics = (await send(admin, '/metrics')).text
  assert.match(metrics, /^gateway_acme_failures\{host="shop\.example"\} 1$/m)
  assert.match(metrics, /^gateway_acme_next_request_timestamp_seconds\{host="shop\.example"\} \d{10}$/m)
  const ready = await send(admin, '/readyz?verbose')
  assert.equal(ready.status, 200)
  const [certificate] = (JSON.parse(ready.text) as { requestedCertificates: Record<string, unknown>[] }).requestedCertificates
  assert.deepEqual([certificate!['hosts'], certificate!['failures']], [['shop.example'], 1])
  assert.match(String(certificate!['lastFailure']), /not yours/)
})

test('a reload with another host requests one certificate more, and keeps the connections of the others', async t => {
  const directory = await startDirectory(t)
  const { ports, logged, write, gateway, file } = await withStub(t, directory)
  await logged(issued)
  const open = await shake(ports[1], 'shop.example', directory.authority.root)
  t.after(() => open.destroy())
  write(`${readFileSync(file, 'utf8')}  - { path: /*, host: docs.example, respond: { text: docs } }\n`)
  assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
  await logged(line => issued(line) && String(line['hosts']) === 'docs.example')
  const next = await shake(ports[1], 'docs.example', directory.authority.root)
  t.after(() => next.destroy())
  assert.match(await exchange(next, 'docs.example'), /docs$/)
  assert.match(await exchange(open), /shop$/)
  const ordered = directory.orders.map(({ identifiers }) => (identifiers as { value: string }[])[0]!.value)
  assert.deepEqual(ordered, ['shop.example', 'docs.example'])
})

test('a reload that adds acme to a new listener requests the certificate once that listener is open', async t => {
  const directory = await startDirectory(t)
  const ports = [await freePort(), await freePort()] as const
  directory.behaviour = {
    async passes (host) {
      const ALPNProtocols = [acmeProtocol]
      const socket = connect({ host: '127.0.0.1', port: ports[1], servername: host, ALPNProtocols, rejectUnauthorized: false })
      return await once(socket, 'secureConnect').then(() => socket.destroy(), () => false) !== false
    }
  }
  const plain = `  - { host: 127.0.0.1, port: ${ports[0]} }`
  const { logged, write, gateway, logs } = await startGateway(t, `listeners:\n${plain}\nadmin: { port: 0 }\n${routes}`)
  write(`listeners:
${plain}
  - host: 127.0.0.1
    port: ${ports[1]}
    tls: { acme: { agreeToTerms: true, directory: "${directory.url}/directory", challenge: tls-alpn-01 } }
admin: { port: 0 }
${routes}`)
  assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
  await logged(issued)
  assert.ok(!logs.some(({ msg }) => msg === 'certificate not issued, trying again'))
})

test('a renewed certificate is served to new connections, and the old one until then', async t => {
  const directory = await startDirectory(t)
  // An hour of it is over when it is issued, so two thirds of it are over after a second.
  directory.behaviour = { life: 3_600_000 / 2 + 1500 }
  const { ports, logged } = await withStub(t, directory)
  await logged(issued)
  const { root } = directory.authority
  const open = await shake(ports[1], 'shop.example', root)
  t.after(() => open.destroy())
  const { serialNumber } = leafOf(open)
  directory.behaviour = {}
  await logged(({ msg }) => msg === 'certificate renewed')
  const next = await shake(ports[1], 'shop.example', root)
  t.after(() => next.destroy())
  assert.notEqual(leafOf(next).serialNumber, serialNumber)
  assert.match(await exchange(open), /^HTTP\/1\.1 200 OK/)
  assert.equal(directory.orders.length, 2)
})
