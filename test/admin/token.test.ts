import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'

const token = 'nobody-guesses-this-token'
const open = async (t: TestContext) => await startGateway(t, `admin: { port: 0, token: "${token}" }\nroutes: [{ path: /, respond: {} }]\n`)

test('with a token, health is told to everybody, and everything else to who has it', async t => {
  const { admin } = await open(t)
  const statuses = async (headers: Record<string, string>): Promise<number[]> => await Promise.all(['/livez', '/readyz', '/readyz?verbose', '/config', '/metrics', '/upstreams'].map(async path => (await fetch(admin + path, { headers })).status))
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
