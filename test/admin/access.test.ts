/** Who may do what on the admin listener: each way to say who one is, from each page, for each kind of request. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'

const operateToken = 'operators-have-this-token'
const viewToken = 'viewers-have-only-this-one'
const file = `
admin: { port: 0, token: "${operateToken}", viewToken: "${viewToken}" }
upstreams: { users: { targets: ['http://127.0.0.1:9'] } }
routes: [{ path: /, upstream: users }]
`

const reads = ['GET /config', 'HEAD /config', 'GET /upstreams', 'GET /events', 'GET /metrics', 'GET /session']
const changes = [
  'PUT /log-level?level=info', 'PUT /maintenance?on=false', 'POST /upstreams/users/undrain?target=http://127.0.0.1:9', 'POST /reload'
]

type Fields = Readonly<Record<string, string>>

/** The statuses of a read; and of a change by a script of the own page, by a form of it, by a program, by a page of others. */
const table: readonly (readonly [way: string, read: number, script: number, form: number, program: number, foreign: number])[] = [
  ['nothing', 401, 401, 401, 401, 403],
  ['a wrong token', 401, 401, 401, 401, 403],
  ['the view token', 200, 403, 403, 403, 403],
  ['the token', 200, 200, 200, 200, 403],
  ['a view session', 200, 403, 403, 403, 403],
  ['a session', 200, 200, 403, 403, 403],
  ['a session that has ended', 401, 401, 401, 401, 403],
  ['a session, and a wrong token', 401, 401, 401, 401, 403],
  ['a view session, and the token', 200, 200, 200, 200, 403]
]

for (const threads of [1, 2]) {
  test(`each role may do what it is for, and no page of others anything, with ${threads} thread${threads === 1 ? '' : 's'}`, async t => {
    const yaml = threads === 1 ? file : `server: { host: 127.0.0.1, port: 0, threads: 2 }\n${file}`
    const { admin } = await startGateway(t, yaml, { threaded: threads > 1 })
    const script: Fields = { 'origin': admin, 'sec-fetch-site': 'same-origin', 'x-requested-with': 'console' }
    const login = async (token: string): Promise<string> => {
      const headers = { ...script, 'content-type': 'application/json' }
      const response = await fetch(`${admin}/login`, { method: 'POST', headers, body: JSON.stringify({ token }) })
      assert.equal(response.status, 200)
      return response.headers.get('set-cookie')!.split(';')[0]!
    }
    const [view, operate, ended] = [await login(viewToken), await login(operateToken), await login(operateToken)]
    assert.equal((await fetch(`${admin}/logout`, { method: 'POST', headers: { ...script, cookie: ended } })).status, 204)
    const ways: Readonly<Record<string, Fields>> = {
      'nothing': {},
      'a wrong token': { authorization: 'Bearer nobody-has-this-token' },
      'the view token': { authorization: `Bearer ${viewToken}` },
      'the token': { authorization: `Bearer ${operateToken}` },
      'a view session': { cookie: view },
      'a session': { cookie: operate },
      'a session that has ended': { cookie: ended },
      'a session, and a wrong token': { cookie: operate, authorization: 'Bearer nobody-has-this-token' },
      'a view session, and the token': { cookie: view, authorization: `Bearer ${operateToken}` }
    }
    const form: Fields = { 'origin': admin, 'sec-fetch-site': 'same-origin' }
    const foreign: Fields = { 'origin': 'https://evil.example', 'x-requested-with': 'console' }
    // The guard does not know of threads: with several, a few rows are enough.
    const rows = threads === 1 ? table : table.filter(([way]) => way === 'the view token' || way === 'a session')
    const found = []
    for (const [way] of rows) {
      const statuses = async (asks: readonly string[], page: Fields): Promise<number> => {
        const all = await Promise.all(asks.map(async ask => {
          const [method, path] = ask.split(' ') as [string, string]
          const response = await fetch(admin + path, { method, headers: { ...ways[way], ...page } })
          await response.body?.cancel()
          return [ask, response.status] as const
        }))
        const [[, first]] = all as [readonly [string, number]]
        assert.deepEqual(all.filter(([, status]) => status !== first), [], `${way}, ${JSON.stringify(page)}: as ${asks[0]}, ${first}`)
        return first
      }
      assert.equal(await statuses(reads, foreign), 403, `${way} and a read from a foreign page`)
      assert.equal(await statuses(reads, form), await statuses(reads, {}), `${way} and a read from the own page`)
      found.push([way, await statuses(reads, {}), await statuses(changes, script), await statuses(changes, form),
        await statuses(changes, {}), await statuses([...changes, ...reads], foreign)])
    }
    assert.deepEqual(found, rows)
  })
}

test('a token in a URL is none, wherever it stands there', async t => {
  const { admin } = await startGateway(t, file)
  const { host } = new URL(admin)
  for (const query of [
    'token', 'viewToken', 'access_token', 'authorization', 'onedoor-session', 'key'
  ].flatMap(name => [`${name}=${operateToken}`, `${name}=Bearer%20${operateToken}`])) {
    assert.equal((await fetch(`${admin}/config?${query}`)).status, 401, query)
    const headers = { 'origin': admin, 'content-type': 'application/json' }
    assert.equal((await fetch(`${admin}/login?${query}`, { method: 'POST', headers, body: '{}' })).status, 400, query)
  }
  const asUser = { authorization: `Basic ${Buffer.from(`admin:${operateToken}`).toString('base64')}` }
  assert.equal((await fetch(`http://${host}/config`, { headers: asUser })).status, 401)
})

test('the wrong role is told which one is needed', async t => {
  const { admin } = await startGateway(t, file)
  const response = await fetch(`${admin}/reload`, { method: 'POST', headers: { authorization: `Bearer ${viewToken}` } })
  const { code, detail } = await response.json() as { code: string, detail: string }
  assert.deepEqual([response.status, code], [403, 'forbidden'])
  assert.match(detail, /needs the role `operate`, which admin\.token gives/)
})

test('where only this machine reaches the listener and no token is configured, everybody operates', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  assert.deepEqual(await (await fetch(`${admin}/session`)).json(), { role: 'operate', by: 'loopback' })
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST', headers: { cookie: 'onedoor-session=x' } })).status, 200)
  const headers = { 'origin': admin, 'content-type': 'application/json' }
  const login = await fetch(`${admin}/login`, { method: 'POST', headers, body: '{"token":"any"}' })
  assert.equal(login.status, 409)
  assert.match((await login.json() as { detail: string }).detail, /no admin\.token is configured/)
})
