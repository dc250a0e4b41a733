import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigRefused } from '../../src/config/load.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('answers of the upstream and of the gateway tell browsers to be careful, and strangers nothing', async t => {
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
  const target = await startTarget(t, (_request, response) => { response.writeHead(200, { 'x-frame-options': 'SAMEORIGIN', server: 'mine' }).end() })
  const { url } = await startGateway(t, `
policies: { careful: { plugin: security-headers, upstream: loses, strictTransportSecurity: { maxAge: 0s }, referrerPolicy: "off", remove: [] } }
routes: [{ path: /, target: ${target.url}, policies: [careful] }]
`)
  const { headers } = await send(url, '/')
  assert.equal(headers['strict-transport-security'], undefined)
  assert.equal(headers['referrer-policy'], undefined)
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers.server, 'mine')
})

test('a value that cannot travel in a header is a mistake of the file', async t => {
  await assert.rejects(startGateway(t, 'policies: { careful: { plugin: security-headers, contentSecurityPolicy: "a\\nb" } }\nroutes: [{ path: /, respond: { text: ok }, policies: [careful] }]'),
    (error: ConfigRefused) => /contentSecurityPolicy|cannot be the value/.test(error.message))
})
