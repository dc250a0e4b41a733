/** A token becomes a session, for browsers: the login, and all the ways in which a session ends. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'

const token = 'operators-have-this-token'
const viewToken = 'viewers-have-only-this-one'
const fileOf = (admin: string): string => `admin: { port: 0, ${admin} }\nroutes: [{ path: /, respond: {} }]\n`
const file = fileOf(`token: ${token}, viewToken: ${viewToken}`)

interface Login {
  readonly token?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

async function login (admin: string, { token: sent = token, headers = {}, body = JSON.stringify({ token: sent }) }: Login = {}) {
  return await fetch(`${admin}/login`, {
    method: 'POST',
    headers: { 'origin': admin, 'content-type': 'application/json', ...headers },
    body
  })
}

const cookieOf = (response: Response): string => response.headers.get('set-cookie')!.split(';')[0]!
const statusOf = async (admin: string, cookie: string): Promise<number> => (await fetch(`${admin}/config`, { headers: { cookie } })).status

test('a login sets a cookie that no script reads and no other site sends, and says what role it gives', async t => {
  const { admin } = await startGateway(t, file)
  for (const [given, role] of [[token, 'operate'], [viewToken, 'view']]) {
    const response = await login(admin, { token: given })
    const { until, ...said } = await response.json() as { until: string, role: string, by: string }
    assert.deepEqual([response.status, said], [200, { role, by: 'session' }])
    assert.match(
      response.headers.get('set-cookie')!,
      /^onedoor-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/
    )
    const session = await (await fetch(`${admin}/session`, { headers: { cookie: cookieOf(response) } })).json()
    assert.deepEqual(session, { role, by: 'session', until })
  }
})

test('the cookie of a page that was loaded over TLS is sent over TLS only', async t => {
  const { admin } = await startGateway(t, fileOf(`token: ${token}, allowedHosts: [admin.example]`))
  const body = JSON.stringify({ token })
  // Fetch sets Host itself.
  const asked = request(`${admin}/login`, { method: 'POST', headers: {
    'host': 'admin.example', 'origin': 'https://admin.example', 'content-type': 'application/json', 'content-length': body.length
  } })
  asked.end(body)
  const [response] = await once(asked, 'response')
  response.resume()
  assert.match(response.headers['set-cookie'][0], /; SameSite=Strict; Secure$/)
})

test('a login comes from a script of the console, with a token in a small body of JSON', async t => {
  const { admin } = await startGateway(t, file)
  const refused: readonly (readonly [number, string, Login])[] = [
    [403, 'forbidden', { headers: { origin: 'https://evil.example' } }],
    [403, 'forbidden', { headers: { 'sec-fetch-site': 'cross-site' } }],
    [403, 'forbidden', { headers: { 'content-type': 'text/plain' } }],
    [415, 'unsupported-media-type', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `token=${token}` }],
    [400, 'bad-request', { body: '' }],
    [400, 'bad-request', { body: '{"token"' }],
    [400, 'bad-request', { body: '{"token":""}' }],
    [400, 'bad-request', { body: `["${token}"]` }],
    [400, 'bad-request', { token: [token] }],
    [413, 'body-too-large', { token: 'x'.repeat(5000) }]
  ]
  for (const [status, code, sent] of refused) {
    const response = await login(admin, sent)
    const said = [response.status, (await response.json() as { code: string }).code, response.headers.get('set-cookie')]
    assert.deepEqual(said, [status, code, null], JSON.stringify(sent).slice(0, 100))
  }
  const headers = { 'content-type': 'application/json' }
  assert.equal((await fetch(`${admin}/login`, { method: 'POST', headers, body: JSON.stringify({ token }) })).status, 403)
})

test('the sixth wrong token within a minute is a 429, and so is the right one then; a session goes on', async t => {
  let now = 0
  const { admin, logs } = await startGateway(t, file, { clock: { now: () => now, wall: () => Date.now() } })
  const cookie = cookieOf(await login(admin))
  for (let i = 0; i < 5; i++) assert.equal((await login(admin, { token: `guess ${i}` })).status, 401)
  now = 20_400
  const refused = await login(admin)
  assert.deepEqual([refused.status, refused.headers.get('retry-after'), refused.headers.get('set-cookie')], [429, '40', null])
  assert.equal(await statusOf(admin, cookie), 200)
  now = 60_000
  assert.equal((await login(admin)).status, 200)
  const lines = logs.filter(({ msg }) => msg === 'login with a wrong token')
  assert.deepEqual(lines.map(({ by }) => by), Array(5).fill('127.0.0.1'))
  assert.ok(!JSON.stringify(logs).includes('guess'))
})

test('logging out ends the session and makes the browser forget it; logging in again ends the one before', async t => {
  const { admin } = await startGateway(t, file)
  const first = cookieOf(await login(admin, { token: viewToken }))
  const second = cookieOf(await login(admin, { headers: { cookie: first } }))
  assert.deepEqual([await statusOf(admin, first), await statusOf(admin, second)], [401, 200])
  const headers = { 'cookie': second, 'origin': admin, 'x-requested-with': 'console' }
  const left = await fetch(`${admin}/logout`, { method: 'POST', headers })
  assert.match(left.headers.get('set-cookie')!, /^onedoor-session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/)
  assert.deepEqual([left.status, await statusOf(admin, second)], [204, 401])
  const headersOfToken = { authorization: `Bearer ${token}` }
  const events = await (await fetch(`${admin}/events?type=operator-logged-in,operator-logged-out`, { headers: headersOfToken })).json()
  assert.deepEqual((events as { type: string, by: string, role: string }[]).map(({ type, by, role }) => [type, by, role]), [
    ['operator-logged-in', '127.0.0.1', 'view'], ['operator-logged-in', '127.0.0.1', 'operate'],
    ['operator-logged-out', '127.0.0.1', 'operate']
  ])
})

test('a session lasts over reloads, until the tokens of the file change', async t => {
  const { admin, gateway, write } = await startGateway(t, file)
  const cookie = cookieOf(await login(admin))
  await gateway.reload('test')
  assert.equal(await statusOf(admin, cookie), 200)
  write(fileOf(`token: ${token}, viewToken: another-token-for-viewers`))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(await statusOf(admin, cookie), 401)
  write(file)
  await gateway.reload('test')
  assert.equal(await statusOf(admin, cookie), 401)
})

test('a stream of events ends with the session that opened it', async t => {
  const { admin } = await startGateway(t, file)
  const cookie = cookieOf(await login(admin, { token: viewToken }))
  const stream = await fetch(`${admin}/events`, { headers: { cookie, accept: 'text/event-stream' } })
  assert.equal(stream.status, 200)
  await fetch(`${admin}/logout`, { method: 'POST', headers: { cookie, 'origin': admin, 'x-requested-with': 'console' } })
  assert.match(await stream.text(), /^retry: /)
})

test('a change names who made it and how the gateway knew', async t => {
  const { admin } = await startGateway(t, file)
  const cookie = cookieOf(await login(admin))
  const script = { cookie, 'origin': admin, 'x-requested-with': 'console' }
  const program = { authorization: `Bearer ${token}` }
  await fetch(`${admin}/maintenance?on=true&reason=move`, { method: 'PUT', headers: script })
  await fetch(`${admin}/maintenance?on=false`, { method: 'PUT', headers: program })
  await fetch(`${admin}/log-level?level=warn`, { method: 'PUT', headers: script })
  const types = 'maintenance-started,maintenance-ended,log-level-changed'
  const events = await (await fetch(`${admin}/events?type=${types}`, { headers: program })).json()
  assert.deepEqual((events as { by: string, via: string, reason?: string }[]).map(({ by, via, reason }) => [by, via, reason]), [
    ['127.0.0.1', 'session', 'move'], ['127.0.0.1', 'token', undefined], ['127.0.0.1', 'session', undefined]
  ])
})
