/** The view of a rehearsal in a real browser. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Rehearsal } from '../../src/contract/rehearsal.ts'
import { closeBrowser, openPage, withoutBrowser as skip } from '../helpers/browser.ts'
import { startGateway } from '../helpers/gateway.ts'
import { openView, rowsOf } from './view.ts'

after(closeBrowser)

const yaml = `
upstreams: { users: { targets: ["http://127.0.0.1:9/base"] } }
policies:
  login: { plugin: jwt-auth, secret: onedoor-development-secret-for-tests }
  once: { plugin: rate-limiting, limit: 1/h, key: ip }
  session: { plugin: token-introspection, endpoint: "http://127.0.0.1:9/introspect", client: { id: a, secret: b },
    identityHeaders: { x-user: sub } }
  gate: { plugin: ./gate.ts }
routes:
  - { path: /users/:id, methods: [GET], upstream: users, requestHeaders: { set: { x-b: "2" } } }
  - { path: /users/*, methods: [POST], upstream: users }
  - { path: /login, upstream: users, policies: [login] }
  - { path: /once, respond: {}, policies: [once] }
  - { path: /session, upstream: users, policies: [session] }
  - { path: /gate, respond: {}, policies: [gate] }
  - { path: /old, redirect: { to: /new } }
  - { path: /hello, respond: { text: hello } }
`
const files = { 'gate.ts': `export default async function gate (app) {
  app.addHook('onRequest', async (request, reply) => reply.code(202).send('later'))
}` }

type Page = Awaited<ReturnType<typeof openView>>['page']

const outcomeIn = async (page: Page): Promise<string> => await page.getByRole('region', { name: 'Outcome' }).innerText()

const cellsOf = async (page: Page, caption: string): Promise<string[][]> => (await rowsOf(page, caption)).map(row => Object.values(row))

for (const threads of [1, 2]) {
  test(`it says what would be sent where and why, as the route does, with ${threads} thread(s)`, { skip }, async t => {
    const { admin } = await startGateway(t, `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n${yaml}`, { files, threaded: true })
    const { page, isSound } = await openView(t, admin, 'explain')
    await page.getByLabel('Header fields').fill('x-a: 1\nx-b: 1\nconnection: close')
    await page.getByLabel('Path or URL').fill('/users/7?a=b')
    await page.keyboard.press('Enter')
    await page.getByText('→ GET http://127.0.0.1:9/base/users/7?a=b').waitFor()
    const query = 'url=/users/7?a=b&header=x-a:1&header=x-b:1&header=connection:close'
    const said = await (await fetch(`${admin}/explain?${query}`)).json() as Rehearsal
    const plain = (cells: string[][]): string[][] => cells.map(row => row.map(text => text.replace(/^[●▲◆○■] /, '')))
    assert.deepEqual(plain(await cellsOf(page, 'Routes')), said.candidates.map(({ route, verdict, why }) => [route, verdict, why]))
    assert.deepEqual(plain(await cellsOf(page, 'Decisions')), said.decisions.map(({ by, verdict, why }) => [by, verdict, why]))
    const fields = plain(await cellsOf(page, 'Header fields'))
    assert.deepEqual(fields.map(([name]) => name), [...said.outcome.forwards!.headers.filter((_, index) => index % 2 === 0), 'connection'])
    const shown = fields.map(field => field.join(' '))
    for (const field of ['x-a as entered 1', 'x-b changed 2', 'via added 1.1 onedoor', 'connection not sent –']) {
      assert.ok(shown.includes(field), `${field} in ${shown.join(', ')}`)
    }
    await page.getByText("onedoor explain GET '/users/7?a=b' -H 'x-a: 1' -H 'x-b: 1' -H 'connection: close' --live").waitFor()
    if (threads === 1) await isSound()
  })
}

test('each outcome is said in words', { skip }, async t => {
  const { admin, url } = await startGateway(t, yaml, { files })
  await fetch(`${url}/once`)
  const { page } = await openView(t, admin, 'explain?url=/login')
  const explain = async (path: string, outcome: RegExp): Promise<void> => {
    await page.getByLabel('Path or URL').fill(path)
    await page.getByRole('button', { name: 'Explain', exact: true }).click()
    await page.getByRole('status').filter({ hasText: outcome }).waitFor()
  }
  await page.getByRole('status').filter({ hasText: '▲ Outcome: → 401 missing-token' }).waitFor()
  assert.match(await outcomeIn(page), /by login\s+route \/login[^]+nothing would be sent to a service/)
  assert.deepEqual(await cellsOf(page, 'Decisions'), [['login', '▲ refused', 'no bearer token']])
  await explain('/once', /▲ Outcome: → 429 rate-limited/)
  await page.getByRole('link', { name: 'once', exact: true }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'once', exact: true }).getAttribute('href'), '#/limits?filter=once')
  await explain('/nowhere', /▲ Outcome: → 404 not-found/)
  assert.match(await outcomeIn(page), /no route fits/)
  await page.getByText('No route of the configuration has this path.').waitFor()
  await explain('/old', /● Outcome: → 308 \/new/)
  await explain('/hello', /● Outcome: → 200$/)
  await explain('/gate', /● Outcome: → 202/)
  assert.match(await outcomeIn(page), /by gate/)
  await page.getByLabel('Header fields').fill('authorization: Bearer opaque')
  await explain('/session', /◆ Outcome: → GET http:\/\/127\.0\.0\.1:9\/base\/session/)
  assert.match(await outcomeIn(page), /Not certain A rehearsal cannot tell what session will decide\. If the request is admitted:/)
})

test('a link has the request and gives the same answer, without the credentials', { skip }, async t => {
  const { admin } = await startGateway(t, yaml, { files })
  const { page, requested } = await openView(t, admin, 'explain')
  await page.getByLabel('Method').fill('post')
  await page.getByLabel('Path or URL').fill('/users/7')
  await page.getByLabel('Address').fill('203.0.113.7')
  await page.getByLabel('Header fields').fill('x-a: 1\nauthorization: Bearer hidden\ncookie: id=hidden')
  await page.getByText('Not in the address of this page: authorization, cookie.').waitFor()
  await page.keyboard.press('Control+Enter')
  const outcome = '→ POST http://127.0.0.1:9/base/users/7'
  await page.getByText(outcome).waitFor()
  const link = page.url()
  assert.equal(link, `${admin}/#/explain?method=POST&url=%2Fusers%2F7&ip=203.0.113.7&header=x-a%3A+1&without=authorization%2C+cookie`)
  assert.deepEqual(requested.filter(url => url.includes('hidden')), [])

  const { page: other } = await openPage(t, link)
  await other.getByText(outcome).waitFor()
  assert.equal(await other.getByLabel('Header fields, one a line').inputValue(), 'x-a: 1')
  assert.equal(await other.getByLabel('Address').inputValue(), '203.0.113.7')
  assert.deepEqual(await cellsOf(other, 'Routes'), await cellsOf(page, 'Routes'))
  await other.getByText('The link leaves out: authorization, cookie.').waitFor()

  await page.getByLabel('Put this into it all the same').check()
  await page.getByRole('button', { name: 'Explain', exact: true }).click()
  await page.getByText('The address of this page has authorization, cookie').waitFor()
  assert.match(page.url(), /authorization%3A\+Bearer\+hidden/)
  // A link in the address bar of an open page asks for another request.
  await page.evaluate("location.hash = '#/explain?url=/hello'")
  await page.getByText('→ 200').waitFor()
  assert.equal(await page.getByLabel('Header fields, one a line').inputValue(), '')
})

test('what the gateway refuses is said at its field, and a state that has changed by asking again', { skip }, async t => {
  const { admin, url } = await startGateway(t, yaml, { files })
  const { page, isSound } = await openView(t, admin, 'explain?url=users', /status of 400/)
  await page.getByText('It must be a path, such as /users/1, or a URL that begins with http:// or https://.').waitFor()
  assert.equal(await page.getByLabel('Path or URL').getAttribute('aria-invalid'), 'true')
  await isSound()
  await page.getByLabel('Path or URL').fill('/once')
  for (const [label, text, problem] of [
    ['Header fields, one a line', 'a: b\nno header', 'It must be written "name: value"; number 2 is not.'],
    ['Address', 'localhost', 'It must be the address of a client, such as 203.0.113.7.'],
    ['Method', 'G ET', 'It is none that the gateway can receive.']
  ] as const) {
    const control = page.getByLabel(label)
    const before = await control.inputValue()
    await control.fill(text)
    await page.getByRole('button', { name: 'Explain', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: problem }).waitFor()
    await control.fill(before)
  }
  await page.getByRole('button', { name: 'Explain', exact: true }).click()
  await page.getByText('→ 200').waitFor()
  await fetch(`${url}/once`)
  await page.getByRole('button', { name: 'Explain again' }).click()
  await page.getByText('→ 429 rate-limited').waitFor()
})

test('where too many rehearsals wait, it says so', { skip }, async t => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const slow = { 'slow.mjs': 'export default async app => { app.addHook("onRequest", async () => await app.gateway.env.slow) }\n' }
  const config = 'policies: { slow: { plugin: ./slow.mjs } }\nroutes: [{ path: /, respond: {}, policies: [slow] }]'
  const { admin } = await startGateway(t, config, { files: slow, env: { slow: promise as never } })
  const { page } = await openView(t, admin, 'explain', /status of 503/)
  await page.getByLabel('Path or URL').fill('/')
  // One that runs, and sixteen that wait; the next one of all is refused, so that it is known that they are there.
  const others = await new Promise<Promise<Response>[]>(done => {
    const asked = Array.from({ length: 18 }, async () => {
      const answer = await fetch(`${admin}/explain?url=/`)
      if (answer.status === 503) done(asked)
      return answer
    })
  })
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'Too many rehearsals wait.' }).waitFor()
  resolve()
  await Promise.all(others)
  await page.getByRole('button', { name: 'Explain', exact: true }).click()
  await page.getByText('→ 200').waitFor()
})

test('on a narrow page the name of the view that is open is in sight', { skip }, async t => {
  const { admin } = await startGateway(t, yaml, { files })
  const { page } = await openPage(t, `${admin}/#/explain`, { viewport: { width: 240, height: 600 } })
  const right = async (name: string): Promise<number> => {
    const { x, width } = (await page.getByRole('link', { name }).boundingBox())!
    return x < 0 ? Infinity : x + width
  }
  await page.getByLabel('Path or URL').waitFor()
  assert.ok(await right('Explain') <= 240)
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  assert.ok(await right('Overview') <= 240)
})

test('one who may only look may rehearse', { skip }, async t => {
  const tokens = 'admin: { port: 0, token: a-token-of-some-length, viewToken: another-token-of-length }\n'
  const { admin } = await startGateway(t, tokens + yaml, { files })
  const { page } = await openView(t, admin, 'explain?url=/hello', /status of 401/)
  await page.getByLabel('Token of the admin listener').fill('another-token-of-length')
  await page.keyboard.press('Enter')
  await page.getByText('→ 200').waitFor()
})
