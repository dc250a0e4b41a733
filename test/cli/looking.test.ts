import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { load } from 'js-yaml'
import { issueCertificate } from '../helpers/certificates.ts'
import { commandLine } from './captured.ts'

const secret = 'a-secret-that-nobody-may-ever-see'
const yaml = `
server: { policies: [per-client] }
upstreams:
  users:
    targets: ["http://127.0.0.1:9001/base"]
    timeouts: { connect: 90s }
  a: { targets: ["http://127.0.0.1:1"] }
  b: { targets: ["http://127.0.0.1:2"] }
policies:
  per-client: { plugin: rate-limiting, limit: 5/s, burst: 4 }
  login: { plugin: jwt-auth, secret: ${secret} }
routes:
  - { path: /users/*, methods: [GET, POST], upstream: users, policies: [login], headers: { x-version: v2 } }
  - { path: /orders/:id, host: api.example.com, query: { debug: { present: false } }, target: "http://127.0.0.1:9003" }
  - { path: /canary, split: [{ upstream: a, weight: 9 }, { upstream: b, weight: 1 }] }
  - { path: /old, redirect: { to: /new } }
  - { path: /hello, respond: { status: 201, json: { secret: yes } } }
`
const files = { 'gateway.yaml': yaml }

suite('onedoor routes', () => {
  test('every route has a line: what it matches, its policies in running order, what serves it', async t => {
    const { stdout } = await commandLine(t, { files }).onedoor('routes')
    assert.deepEqual(stdout.trimEnd().split('\n').map(line => line.split(/ {2,}/)), [
      ['METHODS', 'HOST', 'PATH', 'CONDITIONS', 'POLICIES', 'ANSWERED BY'],
      ['GET,POST', 'any', '/users/*', 'x-version=v2', 'per-client, login', 'upstream users'],
      ['any', 'api.example.com', '/orders/:id', 'no ?debug', 'per-client', 'target http://127.0.0.1:9003'],
      ['any', 'any', '/canary', '-', 'per-client', 'split upstream a, weight 9 · upstream b, weight 1'],
      ['any', 'any', '/old', '-', 'per-client', 'redirect to /new'],
      ['any', 'any', '/hello', '-', 'per-client', 'respond status 201, json']
    ])
  })
})

suite('onedoor config', () => {
  test('shows defaults filled in and durations, sizes and rates as text', async t => {
    const shown = load((await commandLine(t, { files }).onedoor('config')).stdout) as {
      server: { limits: object },
      upstreams: Record<string, { timeouts: object }>,
      policies: Record<string, object>
    }
    assert.partialDeepStrictEqual(shown.server.limits, { url: '8kib', headers: '32kib', body: '10mib' })
    assert.partialDeepStrictEqual(shown.upstreams['users']?.timeouts, { connect: '1m30s', response: '30s', idle: '1m', total: '35s' })
    assert.partialDeepStrictEqual(shown.policies['per-client'], {
      plugin: 'rate-limiting',
      limit: '5/s',
      burst: 4,
      key: 'ip',
      maxKeys: 100_000,
      headers: 'draft'
    })
    assert.deepEqual(Object.keys(shown.upstreams), ['users', 'a', 'b'])
  })

  test('shows no secret, neither as YAML nor as JSON', async t => {
    const { onedoor } = commandLine(t, { files })
    for (const argv of [['config'], ['config', '--json']]) {
      const { status, stdout } = await onedoor(...argv)
      assert.equal(status, 0)
      assert.ok(stdout.includes('[redacted]'))
      assert.ok(!stdout.includes(secret))
    }
  })

  test('shows no private key that it has read from a file', async t => {
    const { cert, key } = issueCertificate({ subject: 'gateway' })
    const tls = 'upstreams: { a: { targets: ["https://a.test"], tls: { cert: a.pem, key: a.key } } }\nroutes: [{ path: /a, upstream: a }]\n'
    const { stdout } = await commandLine(t, { files: { 'gateway.yaml': tls, 'a.pem': cert, 'a.key': key } }).onedoor('config')
    assert.equal((load(stdout) as { upstreams: { a: { tls: { key: string } } } }).upstreams.a.tls.key, '[redacted]')
    assert.ok(!stdout.includes(key.split('\n')[1]!))
  })

  test('an option that a plugin of yours calls a secret is one, whatever its name', async t => {
    const { stdout } = await commandLine(t, {
      files: {
        'gateway.yaml': 'policies: { mine: { plugin: ./mine.mjs, pepper: hot } }\nroutes: [{ path: /a, respond: {}, policies: [mine] }]\n',
        'mine.mjs': `export const config = { options: { type: "object", properties: { pepper: { type: "string", secret: true } } } }
export default async function () {}`
      }
    }).onedoor('config', '--json')
    assert.equal((JSON.parse(stdout) as { policies: { mine: { pepper: string } } }).policies.mine.pepper, '[redacted]')
  })

  test('what it shows is a configuration again', async t => {
    const { stdout } = await commandLine(t, { files }).onedoor('config')
    const again = await commandLine(t, { files: { 'gateway.yaml': stdout.replaceAll('[redacted]', secret) } }).onedoor('config')
    assert.equal(again.stderr, '')
    assert.deepEqual(load(again.stdout), load(stdout))
  })
})
