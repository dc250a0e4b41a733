/** Connections carry requests only for hosts that ask their clients for the same (RFC 9110 §15.5.20). */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { clientOf } from '../../src/exchange/client-connection.ts'
import { Listener } from '../../src/listeners/listener.ts'
import { CertificateBook, type ClientAuthMode, type ServerCertificate } from '../../src/listeners/tls/certificate-book.ts'
import { serverCertificate } from '../../src/listeners/tls/server-certificate.ts'
import { issueCertificate, revocationList } from '../helpers/certificates.ts'
import { openTls } from '../helpers/tls.ts'

const acme = issueCertificate({ subject: 'Acme CA', ca: true })
const other = issueCertificate({ subject: 'Other CA', ca: true })

function host (name: string, mode: ClientAuthMode = 'none', more: { readonly ca?: string, readonly crl?: string } = {}): ServerCertificate {
  const { cert, key } = issueCertificate({ subject: name, san: [`dns:${name}`, `dns:*.${name}`] })
  return serverCertificate({ cert, key, ...more }, mode)
}

const open = host('open.test')
const shop = host('shop.test')
const pay = host('pay.test', 'optional', { ca: acme.cert })
const bill = host('bill.test', 'optional', { ca: acme.cert })
const admin = host('admin.test', 'required', { ca: acme.cert })
const partner = host('partner.test', 'optional', { ca: other.cert })
const all = new CertificateBook([open, shop, pay, bill, admin, partner])

test('hosts that ask for the same share connections, all others do not', () => {
  const shared = [[open, shop], [pay, bill], [admin], [partner]]
  for (const group of shared) {
    for (const from of group) {
      for (const { hosts } of all.all) {
        const [name] = hosts
        assert.equal(all.admits(from, name!), group.some(certificate => certificate.hosts[0] === name), `${from.hosts[0]!} → ${name!}`)
        assert.equal(all.admits(from, `x.${name!}`), all.admits(from, name!))
      }
    }
  }
})

test('a host that no certificate names is one of the default certificate', () => {
  assert.equal(all.admits(shop, 'unknown.test'), true)
  assert.equal(all.admits(pay, 'unknown.test'), false)
  assert.equal(new CertificateBook([pay, open]).admits(open, '[::1]'), false)
})

test('where all hosts ask for the same, every connection carries every host', () => {
  const uniform = new CertificateBook([pay, bill])
  assert.deepEqual([uniform.mixed, uniform.admits(pay, 'unknown.test'), uniform.admits(bill, 'pay.test')], [false, true, true])
})

test('a connection from before a change of authorities, revocation list or mode carries nothing for that host any more', () => {
  for (const next of [
    host('pay.test', 'optional', { ca: other.cert }),
    host('pay.test', 'optional', { ca: acme.cert, crl: revocationList(acme, []) }),
    host('pay.test', 'required', { ca: acme.cert })
  ]) {
    for (const book of [new CertificateBook([next]), new CertificateBook([open, next])]) assert.equal(book.admits(pay, 'pay.test'), false)
  }
  assert.equal(new CertificateBook([open, host('pay.test', 'optional', { ca: acme.cert })]).admits(pay, 'pay.test'), true)
})

async function listen (t: TestContext, book: CertificateBook): Promise<{ readonly listener: Listener, readonly url: string }> {
  const listener = new Listener({
    name: 'test',
    via: 'test',
    headers: 16_384,
    handle: (request, response) => response.end(JSON.stringify(clientOf(request.socket).tls!.admits(request.headers.host!))),
    draining: () => false,
    rejected: () => {},
    failed: () => {}
  })
  const timeouts = { headers: 2000, request: 2000, keepAlive: 2000, write: 2000, linger: 500 }
  listener.apply({ timeouts, connections: 100 })
  listener.secure({ book, timeout: 2000, most: 100 })
  await listener.open({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    listener.connections.destroyAll()
    await listener.close()
  })
  return { listener, url: listener.address }
}

async function askFor (socket: TLSSocket, name: string): Promise<boolean> {
  socket.write(`GET / HTTP/1.1\r\nhost: ${name}\r\n\r\n`)
  const [answer] = await once(socket, 'data') as [Buffer]
  return answer.toString().endsWith('true')
}

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`with ${maxVersion} a connection knows for which host it was opened, also where its session is taken up again`, async t => {
    const { url } = await listen(t, all)
    let session: Buffer | undefined
    for (let round = 0; round < 2; round++) {
      const socket = await openTls(t, url, { servername: 'pay.test', maxVersion, ...(session === undefined ? {} : { session }) })
      socket.on('session', (ticket: Buffer) => { session = ticket })
      assert.deepEqual([await askFor(socket, 'pay.test'), await askFor(socket, 'bill.test'), await askFor(socket, 'open.test')], [
        true, true, false
      ])
      socket.destroy()
    }
    const nameless = await openTls(t, url, { servername: '', maxVersion })
    assert.deepEqual([await askFor(nameless, 'shop.test'), await askFor(nameless, 'admin.test')], [true, false])
  })
}

test('a swap of certificates decides for open connections too', async t => {
  const { listener, url } = await listen(t, all)
  const socket = await openTls(t, url, { servername: 'pay.test' })
  assert.equal(await askFor(socket, 'pay.test'), true)
  const timeouts = { headers: 2000, request: 2000, keepAlive: 2000, write: 2000, linger: 500 }
  const book = new CertificateBook([open, host('pay.test', 'optional', { ca: other.cert })])
  listener.apply({ timeouts, connections: 100 })
  listener.secure({ book, timeout: 2000, most: 100 })
  assert.equal(await askFor(socket, 'pay.test'), false)
})
