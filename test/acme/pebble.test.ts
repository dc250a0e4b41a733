/** The client against Pebble, a strict directory. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { X509Certificate } from 'node:crypto'
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls'
import { test } from 'node:test'
import { openAccount } from '../../src/acme/account.ts'
import { tokenOf } from '../../src/acme/challenge-http.ts'
import { challengeCertificate } from '../../src/acme/challenge-tls-alpn.ts'
import { acmeProtocol } from '../../src/listeners/tls/handshakes.ts'
import { orderCertificate } from '../../src/acme/order.ts'
import { externalAccounts, noPebble, startPebble } from '../helpers/pebble.ts'
import { MemoryResponder, newKey, sessionWith } from './session.ts'

const noAccount = { email: 'ops@shop.example', externalAccount: undefined }
const ordinary = { replaces: undefined, profile: undefined }

test('Pebble issues a certificate for several hosts by HTTP-01', { skip: noPebble }, async t => {
  const pebble = await startPebble(t)
  const responder = new MemoryResponder()
  const server = createServer((request, response) => {
    response.end(responder.open.get(tokenOf(request.url!) ?? '')?.keyAuthorization)
  })
  t.after(() => server.close())
  await once(server.listen(pebble.httpPort, '127.0.0.1'), 'listening')

  const session = sessionWith(t, pebble.directory, { ca: pebble.ca })
  await openAccount(session, noAccount)
  const hosts = ['shop.example', 'www.shop.example']
  const key = newKey()
  const chain = await orderCertificate(session, { ...ordinary, hosts, key, type: 'http-01', responder })
  const leaf = new X509Certificate(chain)
  assert.deepEqual(hosts.map(host => leaf.checkHost(host)), hosts)
  assert.ok(leaf.checkPrivateKey(key))
  assert.ok(chain.match(/BEGIN CERTIFICATE/g)!.length >= 2)
  assert.equal(responder.presented, 2)
  assert.equal(responder.open.size, 0)

  const { kid } = session
  session.kid = undefined
  await openAccount(session, noAccount)
  assert.equal(session.kid, kid, 'a key has one account')
})

test('Pebble issues a certificate by TLS-ALPN-01', { skip: noPebble }, async t => {
  const pebble = await startPebble(t)
  const responder = new MemoryResponder()
  const contextOf = (name: string): SecureContext => {
    const challenge = [...responder.open.values()].find(({ host }) => host === name)!
    return createSecureContext(challengeCertificate(challenge, Date.now()))
  }
  const server = createTlsServer({
    ALPNProtocols: [acmeProtocol],
    SNICallback: (name, done) => done(null, contextOf(name))
  }).on('tlsClientError', () => {})
  t.after(() => server.close())
  await once(server.listen(pebble.tlsPort, '127.0.0.1'), 'listening')

  const session = sessionWith(t, pebble.directory, { ca: pebble.ca })
  await openAccount(session, noAccount)
  const key = newKey()
  const chain = await orderCertificate(session, { ...ordinary, hosts: ['shop.example'], key, type: 'tls-alpn-01', responder })
  assert.equal(new X509Certificate(chain).checkHost('shop.example'), 'shop.example')
})

test('Pebble makes an account for one that exists, and for nobody else', { skip: noPebble }, async t => {
  const pebble = await startPebble(t, true)
  const session = sessionWith(t, pebble.directory, { ca: pebble.ca })
  await assert.rejects(openAccount(session, noAccount), /set externalAccount/)
  const [[keyId, hmacKey]] = Object.entries(externalAccounts) as [[string, string]]
  await assert.rejects(openAccount(session, { ...noAccount, externalAccount: { keyId, hmacKey: 'AAAA' } }), /unauthorized|malformed/)
  await openAccount(session, { ...noAccount, externalAccount: { keyId, hmacKey } })
  assert.ok(session.kid)
})

test('Pebble says why a host is not authorized', { skip: noPebble }, async t => {
  const pebble = await startPebble(t)
  const session = sessionWith(t, pebble.directory, { ca: pebble.ca })
  await openAccount(session, noAccount)
  const order = { ...ordinary, hosts: ['shop.example'], key: newKey(), type: 'http-01', responder: new MemoryResponder() } as const
  await assert.rejects(orderCertificate(session, order), (error: Error) => {
    assert.match(error.message, /^shop\.example is not authorized: .*connection refused.* \(connection\)$/)
    return true
  })
})
