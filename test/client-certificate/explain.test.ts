/** What `explain` says of a route that needs a certificate. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { issueCertificate } from '../helpers/certificates.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { commandLine } from '../cli/captured.ts'

const authority = issueCertificate({ subject: 'Acme CA', ca: true })
const alice = issueCertificate({ subject: 'alice', issuer: authority })
const mallory = issueCertificate({ subject: 'mallory', issuer: authority })
const old = issueCertificate({ subject: 'alice', issuer: authority, notAfter: new Date(Date.now() - 1000) })

const yaml = `
upstreams: { pay: { targets: ["http://127.0.0.1:9001"] } }
policies:
  machines:
    plugin: client-certificate
    allow: [{ subject: { CN: alice } }]
    identityHeaders: { x-user: sub }
routes: [{ path: /pay, upstream: pay, policies: [machines] }]
`

suite('onedoor explain --certificate', () => {
  test('without a certificate the verdict is unknown', async t => {
    const { status, stdout } = await commandLine(t, { files: { 'gateway.yaml': yaml } }).onedoor('explain', '/pay')
    assert.equal(status, 3)
    assert.match(stdout, /machines +unknown +.*--certificate/)
    assert.match(stdout, /x-user: +\(unknown\)/)
  })

  test('the example sends what it takes for an invoice to the path of its order', async t => {
    const yaml = readFileSync(new URL('../../examples/client-certificates/gateway.yaml', import.meta.url), 'utf8')
    const printer = issueCertificate({ subject: [['CN', 'printer'], ['OU', 'billing']], issuer: authority })
    const { cwd, onedoor } = commandLine(t, { files: {
      'gateway.yaml': yaml, 'clients.pem': authority.cert, 'server.pem': alice.cert, 'server.key': alice.key, 'printer.pem': printer.cert
    } })
    const { stdout } = await onedoor('explain', '/invoices/1', '--certificate', `${cwd}/printer.pem`)
    assert.match(stdout, /^ {2}1 {2}billing +allowed +certificate of printer$/m)
    assert.match(stdout, /^→ GET http:\/\/127\.0\.0\.1:9003\/orders\/1 {2}\(upstream orders\)$/m)
  })

  test('with one it is that of a client that has it', async t => {
    const { cwd, onedoor } = commandLine(t, { files: {
      'gateway.yaml': yaml,
      'alice.pem': alice.key + alice.cert + authority.cert,
      'mallory.pem': mallory.cert,
      'old.pem': old.cert
    } })
    const own = await onedoor('explain', '/pay', '--certificate', `${cwd}/alice.pem`)
    assert.equal(own.status, 0)
    assert.match(own.stdout, /machines +allowed +certificate of alice/)
    assert.match(own.stdout, /x-user: +alice/)
    assert.match(own.stdout, /x-forwarded-proto: +https/)
    const other = await onedoor('explain', '/pay', '--certificate', `${cwd}/mallory.pem`)
    assert.match(other.stdout, /machines +refused +the certificate of mallory fits no rule of allow/)
    assert.match(other.stdout, /→ 403 client-certificate-refused/)
    assert.match((await onedoor('explain', '/pay', '--certificate', `${cwd}/old.pem`)).stdout, /refused +the certificate has expired/)
  })

  test('a file without a certificate is told of', async t => {
    const { cwd, onedoor } = commandLine(t, { files: { 'gateway.yaml': yaml, 'key.pem': alice.key } })
    const { status, stderr } = await onedoor('explain', '/pay', '--certificate', `${cwd}/key.pem`)
    assert.equal(status, 2)
    assert.match(stderr, /key\.pem has no certificate in PEM form/)
    assert.match((await onedoor('explain', '/pay', '--certificate', `${cwd}/none.pem`)).stderr, /none\.pem cannot be read \(ENOENT\)/)
  })
})

test('the running gateway is asked in the same way', async t => {
  const { admin } = await startGateway(t, yaml)
  const ask = async (certificate: string) => await send(admin, `/explain?${new URLSearchParams({ url: '/pay', certificate }).toString()}`)
  assert.match((await ask(alice.cert)).text, /certificate of alice/)
  const broken = await ask('nonsense')
  assert.equal(broken.status, 400)
  assert.match(broken.text, /not in PEM form/)
})

test('a real request without TLS has no certificate', async t => {
  const { url } = await startGateway(t, yaml)
  const { status, text } = await send(url, '/pay', { headers: { 'client-cert': ':MAA=:' } })
  assert.deepEqual([status, (JSON.parse(text) as { code: string }).code], [403, 'client-certificate-required'])
})

test('an injected request may have a certificate', async t => {
  const { gateway } = await startGateway(t, `
policies: { machines: { plugin: client-certificate, allow: [{ subject: { CN: alice } }] } }
routes: [{ path: /, respond: { text: in }, policies: [machines] }]
`)
  const statusOf = async (certificate?: string): Promise<number> =>
    (await gateway.inject({ url: '/', ...(certificate === undefined ? {} : { certificate }) })).statusCode
  assert.deepEqual([await statusOf(alice.cert), await statusOf(mallory.cert), await statusOf()], [200, 403, 403])
  await assert.rejects(statusOf('nonsense'), /not in PEM form/)
})
