import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { named } from './named.ts'

test('S2-102 the sample of a gateway with header routing is an example that is loaded and tried out', () => {
  const yaml = readFileSync(new URL('../../examples/header-versioning/gateway.yaml', import.meta.url), 'utf8')
  for (const written of ['http://localhost:8081', 'http://localhost:8082', 'X-Version: v2', 'http://localhost:8083']) {
    assert.ok(yaml.includes(written), written)
  }
})

test('S2-107 paths tell capitals from small letters', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /api/*, respond: {} }]')
  assert.equal((await send(url, '/api/x')).status, 200)
  assert.equal((await send(url, '/API/x')).status, 404)
})

test('S2-109 a wildcard at the root takes what no other route does', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /*, respond: { text: all } }, { path: /api, respond: { text: api } }]')
  assert.deepEqual([(await send(url, '/')).text, (await send(url, '/else')).text, (await send(url, '/api')).text], ['all', 'all', 'api'])
})

test('S2-110 S2-111 S2-113 S2-115 all headers must match, more headers win over fewer, a more specific path over both', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: /api/*, respond: { text: plain } }
  - { path: /api/*, headers: { X-Version: v2 }, respond: { text: v2 } }
  - { path: /api/*, headers: { X-Version: v2, X-Region: eu }, respond: { text: v2 eu } }
  - { path: /api/*, headers: { X-Canary: "*" }, respond: { text: canary } }
  - { path: /api/users, respond: { text: users } }
`)
  const ask = async (path: string, headers: Record<string, string>) => (await send(url, path, { headers })).text
  assert.equal(await ask('/api/x', {}), 'plain')
  assert.equal(await ask('/api/x', { 'x-version': 'v2' }), 'v2')
  assert.equal(await ask('/api/x', { 'x-version': 'V2' }), 'plain')
  assert.equal(await ask('/api/x', { 'x-version': 'v2', 'x-region': 'eu' }), 'v2 eu')
  assert.equal(await ask('/api/x', { 'x-canary': 'anything' }), 'canary')
  assert.equal(await ask('/api/x', { 'x-canary': '' }), 'plain')
  assert.equal(await ask('/api/users', { 'x-version': 'v2' }), 'users')
})

test('S2-112 S2-117 a host chooses the route, whatever its port and capitals', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: /*, host: shop.example.com, respond: { text: shop } }
  - { path: /*, host: blog.example.com, respond: { text: blog } }
  - { path: /*, host: "*.example.com", respond: { text: other } }
`)
  const ask = async (host: string) => (await send(url, '/', { headers: { host } })).text
  assert.deepEqual(
    [await ask('shop.example.com'), await ask('BLOG.example.com:8080'), await ask('x.example.com')],
    ['shop', 'blog', 'other']
  )
  assert.equal((await send(url, '/', { headers: { host: 'example.org' } })).status, 404)
})

test('S2-118 a canary gets its share of the requests', async t => {
  const [stable, canary] = [await named(t, 'stable'), await named(t, 'canary')]
  let n = 0
  const { url } = await startGateway(t, `
upstreams: { stable: { targets: [${stable.url}] }, canary: { targets: [${canary.url}] } }
routes: [{ path: /, split: [{ upstream: stable, weight: 90 }, { upstream: canary, weight: 10 }] }]
`, { random: () => (++n * 0.6180339887498949) % 1 })
  for (let i = 0; i < 200; i++) await send(url, '/')
  assert.ok(Math.abs(canary.hits.length - 20) <= 4, `${canary.hits.length} of 200`)
  assert.equal(stable.hits.length + canary.hits.length, 200)
})

test('S2-119 each upstream balances by itself, and routes that name the same one share it', async t => {
  const [a, b, c] = [await named(t, 'a'), await named(t, 'b'), await named(t, 'c')]
  const { url } = await startGateway(t, `
upstreams:
  users: { targets: [${a.url}, ${b.url}] }
  orders: { targets: [${c.url}] }
routes: [{ path: /users, upstream: users }, { path: /people, upstream: users }, { path: /orders, upstream: orders }]
`)
  const texts = []
  for (const path of ['/users', '/orders', '/people', '/orders', '/users']) texts.push((await send(url, path)).text)
  assert.deepEqual(texts, ['a', 'c', 'b', 'c', 'a'])
})
