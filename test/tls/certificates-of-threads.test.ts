/** Listeners of several threads, which present the same certificates and resume each other's sessions. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { TLSSocket } from 'node:tls'
import type { NamedListener } from '../../src/config/listeners.ts'
import type { ListenerTlsConfig } from '../../src/config/schema/listener-tls-schema.ts'
import type { EventFact } from '../../src/contract/events.ts'
import type { Threads } from '../../src/contract/threads.ts'
import { ListenerCertificates } from '../../src/gateway/listener-certificates.ts'
import { Listener } from '../../src/listeners/listener.ts'
import { HandshakeCounter } from '../../src/listeners/tls/handshake-counter.ts'
import type { Holdings } from '../../src/state/holdings.ts'
import { issueCertificate, revocationList } from '../helpers/certificates.ts'
import { openTls } from '../helpers/tls.ts'
import { linkedHoldings } from '../threads/linked.ts'

const timeouts = { headers: 2000, request: 2000, keepAlive: 2000, write: 2000, linger: 500 }
const ca = issueCertificate({ subject: 'clients', ca: true })

/** A control thread and two data threads with a listener each; its certificates are in a folder. */
async function start (t: TestContext, more: (folder: string) => Partial<ListenerTlsConfig> = () => ({})) {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const issue = (): void => {
    const { cert, key } = issueCertificate({ subject: 'a.test', san: ['dns:a.test'] })
    writeFileSync(join(folder, 'a.pem'), key + cert)
  }
  issue()
  writeFileSync(join(folder, 'ca.pem'), ca.cert)
  writeFileSync(join(folder, 'crl.pem'), revocationList(ca, []))
  const file = join(folder, 'a.pem')
  const tls = { certificates: [{ cert: file, key: file }], minVersion: '1.2', handshakeTimeout: 2000, maxHandshakes: 10, ...more(folder) }
  const config = { tls } as unknown as NamedListener['config']
  const named: NamedListener = { name: 'main', config, place: { host: '127.0.0.1', port: 0 } }
  const events: EventFact[] = []
  const { control, join: add, links, arrived } = linkedHoldings(t)
  const clock = { now: () => performance.now(), wall: () => Date.now() }
  const told = Promise.withResolvers<void>()
  const one = (holdings: Holdings, threads: Threads) => {
    const holder = holdings.hold()
    holder.start()
    const listener = new Listener({
      name: 'main',
      via: 'test',
      headers: 16_384,
      handle: (_request, response) => response.end('it'),
      draining: () => false,
      rejected: () => {},
      failed: () => {},
      handshakes: new HandshakeCounter()
    })
    listener.apply({ timeouts, connections: 100 })
    const emit = (fact: EventFact): void => {
      assert.equal(threads.role, 'control')
      events.push(fact)
      if (fact.type === 'client-authorities-changed') told.resolve()
    }
    const certificates = new ListenerCertificates({ clock, emit, threads, holder })
    t.after(() => certificates.forget(listener))
    return { listener, certificates, secure: (next: object = {}) => certificates.secure(listener, { ...named, ...next }) }
  }
  const main = one(control, { role: 'control', number: 0, count: 2, toThreads: links })
  main.secure()
  const thread = async (number: number) => {
    const { holdings, link } = add()
    await arrived()
    const made = one(holdings, { role: 'data', number, count: 2, toControl: link })
    made.secure()
    await made.listener.open({ host: '127.0.0.1', port: 0 })
    t.after(async () => {
      made.listener.connections.destroyAll()
      await made.listener.close()
    })
    return made
  }
  const revoke = (...certificates: Parameters<typeof revocationList>[1]): void =>
    writeFileSync(join(folder, 'crl.pem'), revocationList(ca, certificates))
  return { main, threads: [await thread(1), await thread(2)], thread, arrived, events, issue, revoke, told: told.promise }
}

/** What a connection can be resumed with. */
async function sessionOf (socket: TLSSocket): Promise<Buffer> {
  // Before TLS 1.3 it is part of the handshake.
  if (socket.getProtocol() === 'TLSv1.2') return socket.getSession()!
  const ticket = once(socket, 'session')
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  return (await ticket as [Buffer])[0]
}

const serialOf = async (t: TestContext, { listener }: { listener: Listener }): Promise<string> =>
  (await openTls(t, listener.address, { servername: 'a.test' })).getPeerCertificate().serialNumber

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a session of one thread is resumed by the others, in ${maxVersion}`, async t => {
    const { threads: [one, two] } = await start(t)
    const session = await sessionOf(await openTls(t, one!.listener.address, { maxVersion, servername: 'a.test' }))
    for (const { listener } of [two!, one!]) {
      assert.ok((await openTls(t, listener.address, { maxVersion, servername: 'a.test', session })).isSessionReused())
    }
  })
}

test('a certificate whose file changes is swapped in all threads and told once, and a later thread has the new one', async t => {
  const { main, threads, thread, arrived, events, issue } = await start(t)
  const before = await serialOf(t, threads[0]!)
  assert.equal(await serialOf(t, threads[1]!), before)
  issue()
  main.secure()
  await arrived()
  const after = await serialOf(t, threads[0]!)
  assert.notEqual(after, before)
  assert.deepEqual([await serialOf(t, threads[1]!), await serialOf(t, await thread(3))], [after, after])
  assert.deepEqual(events, [{ type: 'certificates-changed', listener: 'main', hosts: ['a.test'] }])
  assert.deepEqual(main.certificates.served.map(({ hosts }) => hosts), [['a.test']])
})

test('when other clients are trusted, every thread closes what was opened with a certificate, and the sum is told once', async t => {
  const { main, threads, events, revoke, told } = await start(t, folder => ({
    clientAuth: { ca: join(folder, 'ca.pem'), crl: join(folder, 'crl.pem'), mode: 'optional' }
  }))
  const { cert, key } = issueCertificate({ subject: 'client', issuer: ca })
  const certified = { servername: 'a.test', cert, key }
  const open = await Promise.all(threads.map(async ({ listener }) => await openTls(t, listener.address, certified)))
  const closed = Promise.all(open.map(async socket => await once(socket.resume(), 'close')))
  const other = await openTls(t, threads[0]!.listener.address, { servername: 'a.test' })
  revoke(issueCertificate({ subject: 'revoked', issuer: ca }))
  main.secure()
  await told
  await closed
  assert.deepEqual(events, [{ type: 'client-authorities-changed', listener: 'main', closed: 2 }])
  assert.equal(other.destroyed, false)
})

test('a thread that has learned nothing yet refuses handshakes', async t => {
  const { thread, main } = await start(t)
  main.certificates.forget(main.listener)
  const { listener } = await thread(3)
  await assert.rejects(openTls(t, listener.address, { servername: 'a.test' }))
  main.secure()
})
