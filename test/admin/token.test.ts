import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'

const token = 'nobody-guesses-this-token'
const open = async (t: TestContext) => await startGateway(t, `admin: { port: 0, token: "${token}" }\nroutes: [{ path: /, respond: {} }]\n`)

test('with a token, health is told to everybody, and everything else to who has it', async t => {
  const { admin } = await open(t)
  const statuses = async (headers: Record<string, string>): Promise<number[]> => await Promise.all([
    '/livez', '/readyz', '/readyz?verbose', '/config', '/metrics', '/upstreams'
  ].map(async path => (await fetch(admin + path, { headers })).status))
  assert.deepEqual(await statuses({}), [200, 200, 401, 401, 401, 401])
  assert.deepEqual(await statuses({ authorization: 'Bearer something else' }), [200, 200, 401, 401, 401, 401])
  assert.deepEqual(await statuses({ authorization: `bearer ${token}` }), [200, 200, 200, 200, 200, 200])
})

test('a page in a browser reaches nothing, by its origin or by a name of its own for this address', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST', headers: { origin: 'https://evil.example' } })).status, 403)
  assert.equal((await exchangeBytes(t, admin, 'GET /config HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).status, 403)
  assert.equal((await exchangeBytes(t, admin, 'GET /config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).status, 200)
})

test('metrics.withoutToken lets a scraper in that has no token, to the metrics and nothing else', async t => {
  const { admin } = await startGateway(
    t,
    `admin: { port: 0, token: "${token}" }\nmetrics: { withoutToken: true, path: /numbers }\nroutes: [{ path: /, respond: {} }]\n`
  )
  const status = async (
    path: string,
    headers: Record<string, string> = {}
  ): Promise<number> => (await fetch(admin + path, { headers })).status
  assert.deepEqual(
    [
      await status('/numbers'),
      await status('/numbers?name[]=gateway_generation'),
      await status('/config'),
      await status('/readyz?verbose'),
      await status('/nowhere')
    ],
    [200, 200, 401, 401, 401]
  )
  assert.equal(await status('/numbers', { origin: 'https://evil.example' }), 403)
})

test('metrics.withoutToken beside listener: public is warned of', async t => {
  const { gateway } = await startGateway(t, 'metrics: { withoutToken: true, listener: public }\nroutes: [{ path: /, respond: {} }]\n')
  assert.match(gateway.warnings.join('\n'), /is for metrics on the admin listener/)
})

test('who lacks the token is told what is asked for, and no response may be kept', async t => {
  const { admin } = await open(t)
  const missing = await fetch(`${admin}/config`)
  assert.deepEqual(
    [missing.status, missing.headers.get('www-authenticate'), missing.headers.get('cache-control')],
    [401, 'Bearer realm="admin"', 'no-store']
  )
  const good = await fetch(`${admin}/config`, { headers: { authorization: `Bearer ${token}` } })
  assert.deepEqual([good.status, good.headers.get('cache-control')], [200, 'no-store'])
})
