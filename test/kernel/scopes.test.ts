import assert from 'node:assert/strict'
import { test } from 'node:test'
import fastify from 'fastify'
import { openScopes } from '../../src/gateway/policies.ts'
import { startGateway } from '../helpers/gateway.ts'

const limiter = (name: string) => `  ${name}: { plugin: rate-limiting, limit: 1000/s }`

for (const count of [0, 1, 200, 201, 401, 1000]) {
  test(`of ${count} scopes each is opened once, in their order, and none has too many siblings`, async t => {
    const app = fastify()
    t.after(async () => { await app.close() })
    const items = Array.from({ length: count }, (_, index) => index)
    const opened: number[] = []
    let most = 0
    const siblings = new Map<object, number>()
    app.addHook('onRegister', scope => {
      const parent = Object.getPrototypeOf(scope) as object
      siblings.set(parent, (siblings.get(parent) ?? 0) + 1)
      most = Math.max(most, siblings.get(parent)!)
    })
    await openScopes(app, items, async (_scope, item) => { opened.push(item) })
    await app.ready()
    assert.deepEqual(opened, items)
    assert.ok(most <= 200, `${most}`)
  })
}

test('ten thousand routes that share twenty lists of policies boot and serve', async t => {
  const policies = Array.from({ length: 20 }, (_, i) => limiter(`p${i}`))
  const routes = Array.from({ length: 10_000 }, (_, i) => `  - { path: /r${i}/:id, respond: { text: "${i}" }, policies: [p${i % 20}] }`)
  const { url } = await startGateway(t, ['logging: { level: error }', 'policies:', ...policies, 'routes:', ...routes].join('\n'))
  const answer = await fetch(`${url}/r9999/x`)
  assert.equal(await answer.text(), '9999')
  assert.match(answer.headers.get('ratelimit-policy')!, /^"p19"/)
})

test('five thousand different lists of policies boot and serve', async t => {
  const policies = Array.from({ length: 72 }, (_, i) => limiter(`p${i}`))
  const pairs = Array.from(
    { length: 72 * 71 },
    (_, i) => [Math.floor(i / 71), i % 71]
  ).map(([a, b]) => [a!, b! >= a! ? b! + 1 : b!]).slice(0, 5000)
  const routes = pairs.map(([a, b], i) => `  - { path: /r${i}, respond: { text: "${i}" }, policies: [p${a}, p${b}] }`)
  const { url } = await startGateway(t, ['logging: { level: error }', 'policies:', ...policies, 'routes:', ...routes].join('\n'))
  const answer = await fetch(`${url}/r4999`)
  assert.equal(await answer.text(), '4999')
  assert.match(answer.headers.get('ratelimit-policy')!, /^"p\d+".*, "p\d+"/)
})

test('a thousand hosts on one path each get their own route', async t => {
  const routes = Array.from({ length: 1000 }, (_, i) => `  - { path: /, host: h${i}.example.com, respond: { text: "${i}" } }`)
  const { gateway, url } = await startGateway(t, ['routes:', ...routes].join('\n'))
  assert.equal(gateway.warnings.length, 0)
  for (const i of [0, 31, 32, 999]) {
    const { outcome, route } = await gateway.explain({ method: 'GET', url: '/', headers: { host: `h${i}.example.com` } })
    assert.deepEqual([outcome.status, route], [200, '/'])
  }
  assert.equal((await fetch(url)).status, 404)
})
