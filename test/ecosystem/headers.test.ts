/** Packages that work on header fields and responses. */

import assert from 'node:assert/strict'
import { row } from './row.ts'

row('@fastify/helmet', 'works', async ({ upstream, start }) => {
  const { url } = await start({
    policies: { safe: { plugin: '@fastify/helmet', frameguard: { action: 'deny' } } },
    routes: [{ path: '/api/*', target: upstream.url, policies: ['safe'] }, { path: '/own', respond: {}, policies: ['safe'] }]
  })
  for (const path of ['/api/x', '/own']) {
    const { headers } = await fetch(url + path)
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.match(headers.get('content-security-policy')!, /default-src 'self'/)
  }
  upstream.respond({ headers: { 'x-frame-options': 'SAMEORIGIN' } })
  assert.equal((await fetch(`${url}/api/x`)).headers.get('x-frame-options'), 'SAMEORIGIN', 'the field of a service takes its place')
})

row('@fastify/compress', 'works', async ({ upstream, start }) => {
  const text = 'compress me '.repeat(1000)
  const { url } = await start({
    policies: { smaller: { plugin: '@fastify/compress' } },
    routes: [
      { path: '/api/*', target: upstream.url, policies: ['smaller'] },
      { path: '/own', respond: { text }, policies: ['smaller'] }
    ]
  })
  const body = { headers: { 'content-type': 'text/plain' }, body: text }
  upstream.respond(body, body, { ...body, headers: { ...body.headers, 'content-encoding': 'own' } })
  for (const [path, encoding] of [['/api/x', 'gzip'], ['/own', 'br']] as const) {
    const response = await fetch(url + path, { headers: { 'accept-encoding': encoding } })
    assert.equal(response.headers.get('content-encoding'), encoding)
    assert.match(response.headers.get('vary')!, /accept-encoding/i)
    assert.equal(await response.text(), text)
  }
  const plain = await fetch(`${url}/api/x`, { headers: { 'accept-encoding': 'identity' } })
  assert.deepEqual([plain.headers.get('content-encoding'), await plain.text()], [null, text])
  const encoded = await fetch(`${url}/api/x`, { headers: { 'accept-encoding': 'gzip' } })
  assert.equal(encoded.headers.get('content-encoding'), 'own', 'what the service has encoded stays as it is')
})

row('@fastify/etag', 'works with this', async ({ upstream, start }) => {
  const { url } = await start({
    policies: { tagged: { plugin: '@fastify/etag' } },
    routes: [
      { path: '/own', respond: { text: 'hello' }, policies: ['tagged'] },
      { path: '/api/*', target: upstream.url, policies: ['tagged'] }
    ]
  })
  const etag = (await fetch(`${url}/own`)).headers.get('etag')!
  assert.match(etag, /^"/)
  const again = await fetch(`${url}/own`, { headers: { 'if-none-match': etag } })
  assert.deepEqual([again.status, await again.text()], [304, ''])
  upstream.respond({ headers: { etag: '"its-own"' }, body: 'x' })
  assert.equal((await fetch(`${url}/api/x`)).headers.get('etag'), '"its-own"', 'the service has its own')
})

row('@fastify/caching', 'works', async ({ upstream, start }) => {
  const { url } = await start({
    policies: { kept: { plugin: '@fastify/caching', privacy: 'private', expiresIn: 60 } },
    routes: [{ path: '/api/*', target: upstream.url, policies: ['kept'] }, { path: '/own', respond: {}, policies: ['kept'] }]
  })
  const cacheControl = async (path: string): Promise<string | null> => (await fetch(url + path)).headers.get('cache-control')
  assert.deepEqual([await cacheControl('/api/x'), await cacheControl('/own')], ['private, max-age=60', 'private, max-age=60'])
  upstream.respond({ headers: { 'cache-control': 'no-store' } })
  assert.equal(await cacheControl('/api/x'), 'no-store', 'the field of a service takes its place')
})

row('@fastify/cors', 'use ours', async ({ upstream, start }) => {
  const asked = { origin: 'https://app.example.com', 'access-control-request-method': 'PUT' }
  const preflight = async (policy: object): Promise<Response> => {
    const { url } = await start({
      policies: { browsers: policy },
      routes: [{ path: '/api', methods: ['GET', 'PUT'], target: upstream.url, policies: ['browsers'] }]
    })
    return await fetch(`${url}/api`, { method: 'OPTIONS', headers: asked })
  }
  const theirs = await preflight({ plugin: '@fastify/cors', origin: 'https://app.example.com' })
  assert.equal(theirs.headers.get('access-control-allow-methods'), 'GET,HEAD,POST', 'it does not know the methods of a route')
  const ours = await preflight({ plugin: 'cors', origins: ['https://app.example.com'] })
  assert.deepEqual([ours.status, ours.headers.get('access-control-allow-methods')?.includes('PUT')], [204, true])
  assert.equal(upstream.requests.length, 0)
})
