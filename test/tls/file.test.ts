/** TLS from the file: certificates, their swap, client authorities, and what is told of them. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import { issueCertificate, revocationList, type TestCertificate } from '../helpers/certificates.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { ask, openTls } from '../helpers/tls.ts'

const serverOf = (host: string): TestCertificate => issueCertificate({ subject: host, san: [`dns:${host}`] })
const [a, b] = [serverOf('a.test'), serverOf('b.test')]

async function start (t: TestContext, tls: string, files: Record<string, string> = {}): Promise<TestGateway> {
  return await startGateway(t, `
server: {}
listeners: [{ host: 127.0.0.1, port: 0, tls: ${tls} }]
routes: [{ path: /*, respond: { text: fine } }]`, {
    files: { 'a.pem': a.cert, 'a.key': a.key, 'certs/b.crt': b.cert, 'certs/b.key': b.key, ...files }
  })
}

/** The common name of the certificate that a client gets. */
async function served (t: TestContext, url: string, servername: string): Promise<string> {
  const socket = await openTls(t, url, { servername })
  const { subject } = socket.getPeerX509Certificate()!
  socket.destroy()
  return subject.slice('CN='.length)
}

/** Puts a file in place in one step. */
function replace ({ folder }: TestGateway, name: string, text: string): void {
  writeFileSync(join(folder, `${name}.new`), text)
  renameSync(join(folder, `${name}.new`), join(folder, name))
}

/** Makes a request, and returns the session for further connections. */
async function sessionWith (t: TestContext, url: string, options: ConnectionOptions): Promise<Buffer> {
  const socket = await openTls(t, url, options)
  let session: Buffer = socket.getSession()!
  socket.on('session', (later: Buffer) => { session = later })
  assert.match(await ask(socket), /^HTTP\/1\.1 200 /)
  return session
}

async function status (t: TestContext, url: string, options: ConnectionOptions): Promise<number> {
  return Number((await ask(await openTls(t, url, options))).split(' ')[1])
}

test('S0-50 a file and a folder of certificates, with metrics and readiness', async t => {
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }, { folder: certs }] }')
  assert.match(door.url, /^https:\/\/127\.0\.0\.1:\d+$/)
  assert.match(await ask(await openTls(t, door.url, { servername: 'b.test' })), /^HTTP\/1\.1 200 [^]*fine$/)
  for (const host of ['a.test', 'b.test']) assert.equal(await served(t, door.url, host), host)
  const metrics = await (await fetch(`${door.admin}/metrics`)).text()
  assert.match(metrics, /^gateway_tls_server_certificate_expiry_timestamp_seconds\{listener="127\.0\.0\.1:0",host="b\.test"\} 1\d{9}$/m)
  assert.match(metrics, /^gateway_tls_handshakes_total\{kind="full"\} \d$/m)
  const { certificates } = await (await fetch(`${door.admin}/readyz?verbose`)).json() as { certificates: { hosts: string[] }[] }
  assert.deepEqual(certificates.map(({ hosts }) => hosts), [['a.test'], ['b.test']])
})

test('a swap keeps open connections and sessions, and a broken file keeps the old certificate', async t => {
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }, { folder: certs }] }')
  const kept = await openTls(t, door.url, { servername: 'a.test' })
  const sessions = await Promise.all((['TLSv1.2', 'TLSv1.3'] as const).map(async maxVersion => {
    return { maxVersion, session: await sessionWith(t, door.url, { servername: 'a.test', maxVersion }) }
  }))
  // The key comes first: for a moment it does not fit.
  const next = issueCertificate({ subject: 'next', san: ['dns:a.test'] })
  replace(door, 'a.key', next.key)
  replace(door, 'a.pem', next.cert)
  await door.logged(({ msg }) => msg === 'certificates have changed and are in use')
  assert.equal(await served(t, door.url, 'a.test'), 'next')
  for (const resumed of sessions) {
    const socket = await openTls(t, door.url, { servername: 'a.test', ...resumed })
    assert.equal(socket.isSessionReused(), true, resumed.maxVersion)
  }
  replace(door, 'a.pem', '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n')
  const { problems } = await door.logged(({ msg }) => msg === 'certificates have changed and cannot be used, the last good ones stay')
  assert.match(String(problems), /a\.pem has a certificate that cannot be read$/)
  assert.equal(await served(t, door.url, 'a.test'), 'next')
  // A new pair in the folder, the certificate first.
  const c = serverOf('c.test')
  replace(door, 'certs/c.crt', c.cert)
  replace(door, 'certs/c.key', c.key)
  await door.logged(({ hosts }) => String(hosts) === 'c.test')
  assert.equal(await served(t, door.url, 'c.test'), 'c.test')
  assert.match(await ask(kept), /^HTTP\/1\.1 200 /)
})

test('S1-76 clients need a certificate, of an authority that has not revoked it, also with an old ticket', async t => {
  const ca = issueCertificate({ subject: 'clients', ca: true })
  const [good, bad] = ['good', 'bad'].map(subject => issueCertificate({ subject, issuer: ca })) as [TestCertificate, TestCertificate]
  const foreign = issueCertificate({ subject: 'foreign' })
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }], clientAuth: { ca: ca.pem, crl: crl.pem } }', {
    'ca.pem': ca.cert, 'crl.pem': revocationList(ca, [])
  })
  const versions = ['TLSv1.2', 'TLSv1.3'] as const
  const sessions: { readonly maxVersion: typeof versions[number], readonly session: Buffer }[] = []
  for (const maxVersion of versions) {
    assert.equal(await status(t, door.url, { maxVersion }), 403)
    assert.equal(await status(t, door.url, { maxVersion, cert: foreign.cert, key: foreign.key }), 403)
    assert.equal(await status(t, door.url, { maxVersion, cert: good.cert, key: good.key }), 200)
    sessions.push({ maxVersion, session: await sessionWith(t, door.url, { maxVersion, cert: bad.cert, key: bad.key }) })
  }
  assert.match(await ask(await openTls(t, door.url)), /"code":"client-certificate-required"/)
  const idle = await openTls(t, door.url, { cert: bad.cert, key: bad.key })
  idle.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
  await once(idle, 'data')
  const gone = once(idle.resume(), 'close')
  replace(door, 'crl.pem', revocationList(ca, [bad]))
  const { closed } = await door.logged(({ msg }) => msg === 'other client certificates are trusted')
  assert.equal(closed, 1)
  await gone
  for (const resumed of sessions) {
    const socket = await openTls(t, door.url, { ...resumed, cert: bad.cert, key: bad.key })
    assert.equal(socket.isSessionReused(), false)
    assert.match(await ask(socket), /^HTTP\/1\.1 403 [^]*"code":"client-certificate-refused"/)
    assert.equal(await status(t, door.url, { maxVersion: resumed.maxVersion, cert: good.cert, key: good.key }), 200)
  }
})

test('a reload switches TLS and client certificates on and off, and connections from before get no further than they may', async t => {
  const ca = issueCertificate({ subject: 'clients', ca: true })
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }] }', { 'ca.pem': ca.cert })
  const reload = async (tls: string): Promise<void> => {
    door.write(`server: {}\nlisteners: [{ host: 127.0.0.1, port: 0${tls} }]\nroutes: [{ path: /*, respond: { text: fine } }]`)
    assert.deepEqual(await door.gateway.reload('test'), { ok: true, problems: [] })
  }
  const before = await openTls(t, door.url)
  await reload(', tls: { certificates: [{ cert: a.pem, key: a.key }], clientAuth: { ca: ca.pem } }')
  assert.match(await ask(before), /^HTTP\/1\.1 421 /)
  assert.match(await ask(await openTls(t, door.url)), /^HTTP\/1\.1 403 /)
  await reload('')
  assert.equal((await fetch(door.url.replace('https:', 'http:'))).status, 200)
  await reload(', tls: { certificates: [{ cert: a.pem, key: a.key }] }')
  assert.match(await ask(await openTls(t, door.url)), /^HTTP\/1\.1 200 /)
})

test('a connection of HTTP/2 whose certificate may be revoked takes no further requests', async t => {
  const ca = issueCertificate({ subject: 'clients', ca: true })
  const { cert, key } = issueCertificate({ subject: 'client', issuer: ca })
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }], clientAuth: { ca: ca.pem, crl: crl.pem } }', {
    'ca.pem': ca.cert, 'crl.pem': revocationList(ca, [])
  })
  const session = connect(door.url, { rejectUnauthorized: false, cert, key })
  t.after(() => session.destroy())
  const gone = once(session, 'goaway')
  const request = session.request({ ':path': '/', ':authority': 'a.test' })
  const [{ ':status': status }] = await once(request.resume(), 'response') as [Record<string, unknown>]
  assert.equal(status, 200)
  replace(door, 'crl.pem', revocationList(ca, [issueCertificate({ subject: 'other', issuer: ca })]))
  await gone
  await once(session, 'close')
  const stranger = connect(door.url, { rejectUnauthorized: false })
  t.after(() => stranger.destroy())
  const refused = stranger.request({ ':path': '/', ':authority': 'a.test' })
  assert.equal((await once(refused.resume(), 'response') as [Record<string, unknown>])[0][':status'], 403)
})

test('where hosts ask for different certificates, no session is resumed', async t => {
  const ca = issueCertificate({ subject: 'clients', ca: true })
  const client = issueCertificate({ subject: 'client', issuer: ca })
  const door = await start(t, '{ certificates: [{ cert: a.pem, key: a.key }, { folder: certs, clientAuth: { ca: ca.pem } }] }', {
    'ca.pem': ca.cert
  })
  const reused: boolean[] = []
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { maxVersion, servername: 'b.test', cert: client.cert, key: client.key }
    const first = await openTls(t, door.url, options)
    let session: Buffer | undefined
    first.on('session', (bytes: Buffer) => { session = bytes })
    assert.match(await askFor(first, 'b.test'), /^HTTP\/1\.1 200 /)
    const again = await openTls(t, door.url, session === undefined ? options : { ...options, session })
    reused.push(again.isSessionReused())
    assert.equal((await askFor(await openTls(t, door.url, { ...options, servername: 'a.test' }), 'b.test')).split(' ')[1], '421')
  }
  assert.deepEqual(reused, [false, false])
})

async function askFor (socket: TLSSocket, host: string): Promise<string> {
  return await ask(socket, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}

test('a key that everybody may read, and a certificate at its end, are warnings', async t => {
  const old = issueCertificate({ subject: 'old.test', san: ['dns:old.test'], notAfter: new Date(Date.now() + 60_000) })
  const door = await start(t, '{ certificates: [{ cert: old.pem, key: a.key }] }', { 'old.pem': old.cert, 'a.key': old.key })
  chmodSync(join(door.folder, 'a.key'), 0o644)
  assert.ok(door.gateway.warnings.some(text => text.includes('the certificate expires on')), door.gateway.warnings.join('\n'))
  await door.gateway.reload('test')
  assert.ok(door.gateway.warnings.some(text => text.includes('every user of this machine can read the key')))
})
