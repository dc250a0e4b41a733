/** Certificates of clients over real connections, of HTTP/1.1 and HTTP/2. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { test, type TestContext } from 'node:test'
import { issueCertificate, type TestCertificate } from '../helpers/certificates.ts'
import { readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { ask2 } from '../helpers/http2.ts'
import { startTarget } from '../helpers/target.ts'

const authority = issueCertificate({ subject: 'Acme CA', ca: true })
const other = issueCertificate({ subject: 'Other CA', ca: true })
const alice = issueCertificate({ subject: 'alice', san: ['dns:alice.acme.example'], issuer: authority })
const mallory = issueCertificate({ subject: 'mallory', issuer: authority })
const foreign = issueCertificate({ subject: 'alice', issuer: other })

const files = (): Record<string, string> => {
  const written: Record<string, string> = { 'clients.pem': authority.cert, 'others.pem': other.cert }
  for (const host of ['open', 'pay', 'partner']) {
    const { cert, key } = issueCertificate({ subject: `${host}.test`, san: [`dns:${host}.test`] })
    Object.assign(written, { [`${host}.pem`]: cert, [`${host}.key`]: key })
  }
  return written
}

interface Asked {
  readonly servername?: string
  readonly host?: string
  readonly path?: string
  readonly client?: TestCertificate | undefined
}

interface Told {
  readonly status: number
  readonly code: string | undefined
}

type Ask = (t: TestContext, gateway: TestGateway, asked: Asked) => Promise<Told>

/** Each asks over a connection of its own. */
const protocols: Readonly<Record<string, Ask>> = {
  async 'HTTP/1.1' (_t, { url }, { servername = 'pay.test', host = servername, path = '/', client }) {
    const outgoing = request({
      port: new URL(url).port, host: '127.0.0.1', servername, path, headers: { host }, rejectUnauthorized: false, agent: false,
      ...(client === undefined ? {} : { cert: client.cert, key: client.key })
    })
    const { status, text } = await readWhole(await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject).end()
    }))
    return { status, code: codeOf(status, text) }
  },
  async 'HTTP/2' (t, { url }, { servername = 'pay.test', host = servername, path = '/', client }) {
    const session = connectHttp2(`https://127.0.0.1:${new URL(url).port}`, {
      servername, rejectUnauthorized: false, ...(client === undefined ? {} : { cert: client.cert, key: client.key })
    })
    t.after(() => session.destroy())
    const { status, text } = await ask2(session, { ':path': path, ':authority': host })
    session.close()
    return { status, code: codeOf(status, text) }
  }
}

function codeOf (status: number, text: string): string | undefined {
  return status < 400 ? undefined : (JSON.parse(text) as { code: string }).code
}

for (const [name, ask] of Object.entries(protocols)) {
  test(`S1-76 over ${name} the policy decides by the certificate of the connection, on each route`, async t => {
    const target = await startTarget(t)
    const gateway = await startGateway(t, `
listeners:
  - { host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: pay.pem, key: pay.key }], clientAuth: { ca: clients.pem, mode: optional } } }
policies:
  machines: { plugin: client-certificate, allow: [{ san: { dns: "*.acme.example" } }], forward: true, identityHeaders: { x-client: sub } }
  anyone: { plugin: client-certificate }
routes:
  - { path: /, target: "${target.url}", policies: [machines] }
  - { path: /any, target: "${target.url}", policies: [anyone] }
  - { path: /open, target: "${target.url}" }
`, { files: files() })
    assert.deepEqual(await ask(t, gateway, { client: alice }), { status: 200, code: undefined })
    const { headers } = target.hits[0]!
    assert.equal(headers['x-client'], 'alice')
    assert.equal(headers['client-cert'], `:${new X509Certificate(alice.cert).raw.toString('base64')}:`)
    assert.deepEqual(await ask(t, gateway, { client: mallory }), { status: 403, code: 'client-certificate-refused' })
    assert.deepEqual(await ask(t, gateway, { client: foreign }), { status: 403, code: 'client-certificate-refused' })
    assert.deepEqual(await ask(t, gateway, {}), { status: 403, code: 'client-certificate-required' })
    assert.deepEqual(await ask(t, gateway, { path: '/any', client: mallory }), { status: 200, code: undefined })
    assert.deepEqual(await ask(t, gateway, { path: '/any', client: foreign }), { status: 403, code: 'client-certificate-refused' })
    assert.deepEqual(await ask(t, gateway, { path: '/open' }), { status: 200, code: undefined })
    const line = await gateway.logged(({ code }) => code === 'client-certificate-refused')
    assert.deepEqual([line['policy'], line['status'], line['fault']], ['machines', 403, 'client'])
  })

  test(`over ${name} a request for a host that asks for other certificates is a 421`, async t => {
    const gateway = await startGateway(t, `
listeners:
  - host: 127.0.0.1
    port: 0
    tls:
      certificates:
        - { cert: open.pem, key: open.key }
        - { cert: pay.pem, key: pay.key, clientAuth: { ca: clients.pem, mode: optional } }
        - { cert: partner.pem, key: partner.key, clientAuth: { ca: others.pem, mode: optional } }
policies: { anyone: { plugin: client-certificate } }
routes:
  - { host: open.test, path: /, respond: { text: open } }
  - { host: [pay.test, partner.test], path: /, respond: { text: in }, policies: [anyone] }
`, { files: files() })
    assert.equal((await ask(t, gateway, { client: alice })).status, 200)
    assert.equal((await ask(t, gateway, { servername: 'partner.test', client: foreign })).status, 200)
    const misdirected = { status: 421, code: 'misdirected-request' }
    // A certificate that one host trusts is none for another.
    assert.deepEqual(await ask(t, gateway, { client: alice, host: 'partner.test' }), misdirected)
    assert.deepEqual(await ask(t, gateway, { servername: 'open.test', host: 'pay.test', client: alice }), misdirected)
    assert.deepEqual(await ask(t, gateway, { servername: '', host: 'pay.test', client: alice }), misdirected)
    assert.deepEqual(await ask(t, gateway, { client: alice, host: 'open.test:443' }), misdirected)
    assert.equal((await ask(t, gateway, { servername: 'open.test' })).status, 200)
  })
}

test('a certificate that expires ends what its connection may do', async t => {
  let later = 0
  const gateway = await startGateway(t, `
listeners:
  - { host: 127.0.0.1, port: 0, tls: { certificates: [{ cert: pay.pem, key: pay.key }], clientAuth: { ca: clients.pem, mode: optional } } }
policies: { anyone: { plugin: client-certificate } }
routes: [{ path: /, respond: { text: in }, policies: [anyone] }]
`, { files: files(), clock: { now: () => performance.now(), wall: () => Date.now() + later } })
  const session = connectHttp2(gateway.url, { servername: 'pay.test', rejectUnauthorized: false, cert: alice.cert, key: alice.key })
  t.after(() => session.destroy())
  assert.equal((await ask2(session)).status, 200)
  later = 2 * 86_400_000
  assert.equal((await ask2(session)).status, 403)
})

test('a policy that no listener can serve is warned of', async t => {
  const gateway = await startGateway(t, `
policies: { anyone: { plugin: client-certificate } }
routes: [{ path: /, respond: { text: in }, policies: [anyone] }]
`)
  const { text } = await send(gateway.admin, '/readyz?verbose')
  assert.match(text, /no listener asks its clients for certificates/)
})
