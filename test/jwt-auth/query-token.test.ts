/** A token in the query: read, and gone from whatever comes after. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { wall } from './door.ts'
import { secret, token } from './keys.ts'

async function open (t: TestContext): Promise<TestGateway & { service: TestTarget }> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
accessLog: { fields: { include: [query] } }
policies:
  login: { plugin: jwt-auth, secret: "${secret}", token: { from: query, name: ticket } }
  other: { plugin: jwt-auth, secret: "${secret}-2", token: { from: query, name: ticket } }
  any: { plugin: any-of, policies: [other, login] }
routes:
  - { path: '/*', target: "${service.url}", policies: [login],
      requestHeaders: { set: { x-ticket: "\${query.ticket}", x-a: "\${query.a}" } } }
  - { path: /any, target: "${service.url}", policies: [any] }
`, { clock: { now: () => performance.now(), wall: () => wall } })
  return { ...gateway, service }
}

test('S1-26 the token may stand in the query; the service gets the rest byte for byte, and no log line has it', async t => {
  const { url, service, logs, logged } = await open(t)
  for (const [query, forwarded] of [
    [`?ticket=${token()}`, ''],
    [`?a=1&ticket=${token()}&b=%2f+x`, '?a=1&b=%2f+x'],
    [`?ticke%74=${token()}&a=1`, '?a=1']
  ] as const) {
    assert.equal((await send(url, `/x${query}`)).status, 200)
    const { url: asked, headers } = service.hits.at(-1)!
    assert.equal(asked, `/x${forwarded}`)
    assert.equal(headers['x-ticket'], undefined)
  }
  for (const bad of [`${token()}x`, `${token()}&ticket=${token()}`, '%41', 'a'.repeat(20_000)]) {
    assert.equal((await send(url, `/x?ticket=${bad}&last=1`)).status, bad.length > 8000 ? 414 : 401)
  }
  for (const none of ['', '?', '?ticket=', '?ticket', '?tickets=x', '?a=ticket']) {
    assert.match((await send(url, `/x${none}`)).text, /missing-token/)
  }
  await logged(({ path, query }) => path === '/x' && query === '?a=ticket' || query === 'a=ticket')
  const lines = JSON.stringify(logs)
  for (const part of token().split('.').slice(1)) assert.ok(!lines.includes(part))
})

test('of several ways in that look at one parameter each finds it', async t => {
  const { url, service } = await open(t)
  assert.equal((await send(url, `/any?ticket=${token()}`)).status, 200)
  assert.equal(service.hits.at(-1)!.url, '/any')
})
