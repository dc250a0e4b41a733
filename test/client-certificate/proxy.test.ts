/** Certificates that a trusted proxy in front forwards, over real HTTP. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import type { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { issueCertificate, type TestCertificate } from '../helpers/certificates.ts'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const authority = issueCertificate({ subject: 'Acme CA', ca: true })
const alice = issueCertificate({ subject: 'alice', san: ['uri:spiffe://acme.example/alice'], issuer: authority })
const mallory = issueCertificate({ subject: 'mallory', issuer: authority })
const old = issueCertificate({ subject: 'alice', issuer: authority, notAfter: new Date(Date.now() - 1000) })
const early = issueCertificate({ subject: 'alice', issuer: authority, notBefore: new Date(Date.now() + 3_600_000) })

const fieldOf = ({ cert }: TestCertificate): string => `:${new X509Certificate(cert).raw.toString('base64')}:`

const open = async (t: TestContext, rest: string, trustProxy = '[loopback]'): Promise<TestGateway> => await startGateway(t, `
server: { host: 127.0.0.1, port: 0, trustProxy: ${trustProxy} }
${rest}`)

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code

const show = async ({ url }: TestGateway, path: string, certificate: string | readonly string[] | undefined): Promise<Answer> =>
  await send(url, path, certificate === undefined ? {} : { headers: { 'client-cert': certificate as string } })

const policies = `
policies:
  machines: { plugin: client-certificate, from: proxy, allow: [{ subject: { CN: alice } }] }
routes: [{ path: /, respond: { text: in }, policies: [machines] }]
`

test('a certificate of a trusted proxy is admitted where it fits a rule', async t => {
  const gateway = await open(t, policies)
  assert.equal((await show(gateway, '/', fieldOf(alice))).status, 200)
  for (const [certificate, code] of [
    [undefined, 'client-certificate-required'],
    [fieldOf(mallory), 'client-certificate-refused'],
    [fieldOf(old), 'client-certificate-refused'],
    [fieldOf(early), 'client-certificate-refused'],
    ['nonsense', 'client-certificate-refused'],
    [[fieldOf(alice), fieldOf(alice)], 'client-certificate-refused']
  ] as const) {
    const answer = await show(gateway, '/', certificate)
    assert.deepEqual([answer.status, codeOf(answer)], [403, code])
    assert.doesNotMatch(answer.text, /alice|mallory|allow/)
  }
})

test('nobody else can show one', async t => {
  const gateway = await open(t, policies, '[203.0.113.7]')
  assert.equal(codeOf(await show(gateway, '/', fieldOf(alice))), 'client-certificate-required')
})

test('the upstream gets the certificate only where it is wanted, and never the field of a client', async t => {
  const target = await startTarget(t)
  const gateway = await open(t, `
policies:
  forwarded: { plugin: client-certificate, from: proxy, forward: true, identityHeaders: { x-user: sub } }
  seen: { plugin: client-certificate, from: proxy }
routes:
  - { path: /forwarded, target: "${target.url}", policies: [forwarded] }
  - { path: /seen, target: "${target.url}", policies: [seen] }
  - { path: /open, target: "${target.url}" }
`)
  const headers = {
    'client-cert': fieldOf(alice),
    'client-cert-chain': fieldOf(mallory),
    'x-user': 'root',
    'Client_Cert': fieldOf(mallory)
  }
  for (const path of ['/forwarded', '/seen', '/open']) assert.equal((await send(gateway.url, path, { headers })).status, 200, path)
  const [forwarded, seen, open_] = target.hits.map(hit => hit.headers)
  assert.deepEqual([forwarded!['client-cert'], forwarded!['client-cert-chain'], forwarded!['x-user']], [fieldOf(alice), undefined, 'alice'])
  for (const fields of [seen, open_]) {
    assert.deepEqual(Object.keys(fields!).filter(name => /cert|x-user/.test(name)), [])
  }
})

test('fields in which other proxies forward certificates are taken from trusted peers only', async t => {
  const target = await startTarget(t)
  const names = ['x-forwarded-client-cert', 'x-client-cert', 'x-ssl-client-verify', 'ssl-client-subject-dn', 'x-amzn-mtls-clientcert']
  const headers = Object.fromEntries(names.map(name => [name, 'SUCCESS']))
  const passed = async (trustProxy: string): Promise<string[]> => {
    const gateway = await open(t, `routes: [{ path: /, target: "${target.url}" }]`, trustProxy)
    await send(gateway.url, '/', { headers })
    return names.filter(name => target.hits.at(-1)!.headers[name] !== undefined)
  }
  assert.deepEqual(await passed('[]'), [])
  assert.deepEqual(await passed('[loopback]'), names)
})

test('its claims are those of any identity: required, limited by, and put into header fields', async t => {
  const target = await startTarget(t)
  const gateway = await open(t, `
policies:
  machines: { plugin: client-certificate, from: proxy }
  acme: { plugin: require-claims, claims: { san.uri: { contains: "spiffe://acme.example/alice" } } }
  each: { plugin: rate-limiting, limit: 1/h, key: "claim:fingerprint" }
routes:
  - path: /
    target: "${target.url}"
    policies: [machines, acme, each]
    requestHeaders: { set: { x-issuer: "\${claims.issuer.CN}" } }
`)
  assert.equal((await show(gateway, '/', fieldOf(alice))).status, 200)
  assert.equal(target.hits[0]!.headers['x-issuer'], 'Acme CA')
  assert.equal(codeOf(await show(gateway, '/', fieldOf(alice))), 'rate-limited')
  assert.equal(codeOf(await show(gateway, '/', fieldOf(mallory))), 'forbidden')
})

test('as one of several ways in it is asked in turn, and all of them together add up', async t => {
  const gateway = await open(t, `
policies:
  machines: { plugin: client-certificate, from: proxy, allow: [{ subject: { CN: alice } }] }
  login: { plugin: jwt-auth, secret: onedoor-development-secret-not-for-production }
  office: { plugin: ip-filter, allow: [10.0.0.0/8] }
  either: { plugin: any-of, policies: [machines, login] }
  both: { plugin: all-of, policies: [machines, office] }
routes:
  - { path: /either, respond: { text: in }, policies: [either] }
  - { path: /both, respond: { text: in }, policies: [both] }
`)
  assert.equal((await show(gateway, '/either', fieldOf(alice))).status, 200)
  const refused = await show(gateway, '/either', fieldOf(mallory))
  assert.deepEqual([refused.status, codeOf(refused)], [403, 'client-certificate-refused'])
  const neither = await show(gateway, '/either', undefined)
  assert.deepEqual([neither.status, neither.headers['www-authenticate']], [401, 'Bearer realm="onedoor"'])
  assert.equal((await show(gateway, '/both', fieldOf(alice))).status, 403)
})

test('configurations that cannot work are refused', async t => {
  const problems = async (options: string): Promise<string> => await startGateway(t, `
policies: { machines: { plugin: client-certificate, ${options} } }
routes: [{ path: /, respond: { text: in }, policies: [machines] }]
`).then(() => 'started', (error: ConfigRefused) => error.problems.map(problem => formatProblem(problem, error.source)).join('\n'))
  assert.match(await problems('from: proxy'), /server\.trustProxy/)
  assert.match(await problems('allow: [{ fingerprint: abc }]'), /no SHA-256/)
  assert.match(await problems('allow: [{ san: { ip: 10.0.0.0/99 } }]'), /not a network/)
  assert.match(await problems('allow: [{ subject: {} }]'), /expected attributes such as CN/)
  assert.match(await problems('allow: [{}]'), /at least one key/)
  assert.match(await problems('allow: [{ san: { dnss: a.example } }]'), /dns/)
  assert.match(await problems('identityHeaders: { cookie: sub }'), /cookie/)
})
