import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('responses of the upstream and of the gateway tell browsers to be careful, and strangers nothing', async t => {
  const target = await startTarget(t, (_request, response) => {
    response.writeHead(200, { server: 'Apache/2.4', 'x-powered-by': 'PHP', 'x-frame-options': 'SAMEORIGIN' }).end('ok')
  })
  const { url } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, policies: [careful] }
policies: { careful: { plugin: security-headers, permissionsPolicy: camera=() } }
routes: [{ path: /, target: ${target.url} }]
`)
  const { headers } = await send(url, '/')
  assert.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['x-frame-options'], 'SAMEORIGIN')
  assert.equal(headers['permissions-policy'], 'camera=()')
  assert.equal(headers['content-security-policy'], undefined)
  assert.equal(headers.server, undefined)
  assert.equal(headers['x-powered-by'], undefined)
  const missed = await send(url, '/nowhere')
  assert.equal(missed.status, 404)
  assert.equal(missed.headers['x-frame-options'], 'DENY')
})

test('the file may switch fields off and overrule the upstream', async t => {
  const target = await startTarget(
    t,
    (_request, response) => { response.writeHead(200, { 'x-frame-options': 'SAMEORIGIN', server: 'mine' }).end() }
  )
  const { url } = await startGateway(t, `
policies: { careful: { plugin: security-headers, upstream: loses, strictTransportSecurity: { maxAge: 0s }, referrerPolicy: "off",
  remove: [] } }
routes: [{ path: /, target: ${target.url}, policies: [careful] }]
`)
  const { headers } = await send(url, '/')
  assert.equal(headers['strict-transport-security'], undefined)
  assert.equal(headers['referrer-policy'], undefined)
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers.server, 'mine')
})

test('a value that cannot be sent in a header is a problem of the file', async t => {
  await assert.rejects(startGateway(
    t,
    'policies: { careful: { plugin: security-headers, contentSecurityPolicy: "a\\nb" } }\nroutes: [{ path: /, respond: { text: ok }, ' +
      'policies: [careful] }]'
  ),
    (error: ConfigRefused) => /contentSecurityPolicy|cannot be the value/.test(error.message))
})

test('each key is about its own field, and fields that are taken out may be written in any case', async t => {
  const target = await startTarget(t, (_request, response) => { response.writeHead(200, { 'x-runtime': '0.1' }).end() })
  const { url } = await startGateway(t, `
policies:
  careful:
    plugin: security-headers
    strictTransportSecurity: { maxAge: 730d, preload: true }
    crossOriginOpenerPolicy: unsafe-none
    crossOriginResourcePolicy: cross-origin
    contentSecurityPolicy: default-src 'self'
    remove: [X-Runtime]
  short: { plugin: security-headers, strictTransportSecurity: { maxAge: 90s, includeSubDomains: false } }
routes: [{ path: /, target: ${target.url}, policies: [careful] }, { path: /short, target: ${target.url}, policies: [short] }]
`)
  const { headers } = await send(url, '/')
  const said = [
    'strict-transport-security', 'cross-origin-opener-policy', 'cross-origin-resource-policy',
    'content-security-policy', 'x-runtime'
  ].map(name => headers[name])
  assert.deepEqual(said, ['max-age=63072000; includeSubDomains; preload', 'unsafe-none', 'cross-origin', "default-src 'self'", undefined])
  assert.equal((await send(url, '/short')).headers['strict-transport-security'], 'max-age=90')
})

test('preload is warned of where the lists would not take it: below a year, or without the hosts below', async t => {
  for (const [options, warned] of [
    ['maxAge: 365d', false],
    ['maxAge: 364d', true],
    ['maxAge: 365d, includeSubDomains: false', true]
  ] as const) {
    const { gateway } = await startGateway(
      t,
      `policies: { careful: { plugin: security-headers, strictTransportSecurity: { preload: true, ${options} } } }\nroutes: [{ path: ` +
        '/, respond: { text: ok }, policies: [careful] }]'
    )
    assert.equal(gateway.warnings.some(text => text.includes('the lists ask for a year')), warned, options)
  }
})
