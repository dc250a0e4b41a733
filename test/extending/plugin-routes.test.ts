/** Routes that plugins add are listed, explained, and behind the policies of the place that lists the plugin; silent policies are told. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProject } from './project.ts'

const status = `
export default async function status (app) {
  app.get('/status', async () => 'fine')
}
`
const open = status.replace("'/status',", "'/status', { config: { public: true } },")
const key = `
import { authentication, GatewayError, refuse } from 'onedoor'
export const config = {}
export const authenticator = () => ({ headers }) => headers['x-key'] === 'k'
  ? { admitted: true, why: 'has it' }
  : refuse(new GatewayError('missing-token'), 'has none', false)
export default authentication(authenticator)
`
const files = { 'status.ts': status, 'open.ts': open, 'key.ts': key }

interface Shown {
  readonly path: string
  readonly plugin?: string
  readonly policies: readonly string[]
}

test('a route of a plugin is behind the policies of the place that lists it, is listed and explained', async t => {
  const { url, admin } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, requireAuth: true, policies: [] }
policies:
  login: { plugin: ./key.ts }
  page: { plugin: ./status.ts }
routes:
  - { path: /users, respond: { text: ok }, policies: [page, login] }
`, files)
  assert.equal((await fetch(`${url}/status`)).status, 401)
  assert.equal(await (await fetch(`${url}/status`, { headers: { 'x-key': 'k' } })).text(), 'fine')
  const shown = await (await fetch(`${admin}/routes`)).json() as Shown[]
  const { path, plugin, policies } = shown.at(-1)!
  assert.deepEqual({ path, plugin, policies }, { path: '/status', plugin: './status.ts', policies: ['page', 'login'] })
  const explained = await (await fetch(`${admin}/explain?method=GET&url=/status`)).json() as {
    route: string, candidates: { why: string }[], outcome: { status: number, code: string }
  }
  assert.equal(explained.route, '/status')
  assert.match(explained.candidates.at(-1)!.why, /plugin \.\/status\.ts adds this one/)
  assert.deepEqual([explained.outcome.status, explained.outcome.code], [401, 'missing-token'])
})

test('a route of the list of plugins is behind the policies of the server', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, requireAuth: true, policies: [login] }
plugins: [./status.ts]
policies: { login: { plugin: ./key.ts } }
routes: [{ path: /users, respond: { text: ok } }]
`, files)
  assert.equal((await fetch(`${url}/status`)).status, 401)
  assert.equal((await fetch(`${url}/status`, { headers: { 'x-key': 'k' } })).status, 200)
})

const doors = {
  'a route': "app.get('/status', async () => 'fine')",
  'a route of an inner scope': "app.register(async inner => { inner.post('/status', async () => 'fine') }, { prefix: '/inner' })",
  'a handler of unknown paths': "app.register(async inner => { inner.setNotFoundHandler(async () => 'fine') }, { prefix: '/inner' })",
  'a reserved path': "app.gateway.reserve('/status', (request, response) => response.end('fine'))"
}

for (const [what, code] of Object.entries(doors)) {
  test(`with requireAuth, ${what} that no policy guards is refused at the place of its plugin`, async t => {
    const source = `export default async function door (app) { ${code} }`
    for (const [yaml, policies] of [
      ['plugins: [./door.ts]\npolicies: { login: { plugin: ./key.ts } }', ''],
      ['policies: { login: { plugin: ./key.ts }, door: { plugin: ./door.ts } }', 'door']
    ] as const) {
      const started = startProject(t, `server: { host: 127.0.0.1, port: 0, requireAuth: true }
${yaml}
routes:
  - { path: /users, respond: { text: ok }, policies: [login] }
  - { path: /open, respond: { text: ok }, public: true, policies: [${policies}] }
`, { ...files, 'door.ts': source })
      await assert.rejects(started, /gateway\.yaml:\d+:\d+ {2}plugin "\.\/door\.ts" adds the route .*no policy authenticates.*public: true/)
    }
  })
}

test('a route that its plugin says is public is served without authentication', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, requireAuth: true }
plugins: [./open.ts]
policies: { login: { plugin: ./key.ts } }
routes: [{ path: /users, respond: { text: ok }, policies: [login] }]
`, files)
  assert.equal((await fetch(`${url}/status`)).status, 200)
})

test('a policy that adds no hook is a warning with its place; one that adds something is none', async t => {
  const silent = {
    decorating: "app.decorateReply('csrf', function () {})",
    parsing: "app.addContentTypeParser('application/x-www-form-urlencoded', (request, body, done) => done(null, body))",
    collecting: "app.addHook('onRoute', () => {}); app.addHook('onReady', async () => {})"
  }
  const doing = {
    hook: "app.addHook('onRequest', async () => {})",
    routeHook: "app.addHook('onRoute', route => { route.preHandler = async () => {} })",
    errorHandler: 'app.setErrorHandler(error => { throw error })',
    counting: 'app.gateway.onClosed(() => {})',
    route: "app.get('/mine', async () => 'mine')"
  }
  const all = Object.entries({ ...silent, ...doing })
  const { gateway } = await startProject(t, `
policies: { ${all.map(([name]) => `${name}: { plugin: ./${name}.ts }`).join(', ')} }
routes:
  - { path: /, respond: { text: ok }, policies: [${all.map(([name]) => name).join(', ')}] }
`, Object.fromEntries(all.map(([name, code]) => [`${name}.ts`, `export default async function it (app) { ${code} }`])))
  assert.equal(gateway.loaded.warnings.length, 3)
  for (const name of Object.keys(silent)) {
    assert.ok(gateway.warnings.some(warning => /gateway\.yaml:\d+:\d+/.test(warning) && warning.includes('adds no hook')), name)
  }
  assert.deepEqual(
    gateway.loaded.warnings.map(({ pointer }) => pointer).toSorted(),
    Object.keys(silent).map(name => `/policies/${name}`).toSorted()
  )
})

for (const plugin of ['metrics', 'admin', 'request-guard', 'proxying', 'routing', 'access-log']) {
  test(`${plugin}, which is always on, is refused as a policy and as a plugin, with its place`, async t => {
    for (const listed of [`policies: { mine: { plugin: ${plugin} } }`, `plugins: [${plugin}]`]) {
      const started = startProject(t, `${listed}\nroutes: [{ path: /, respond: { text: ok } }]`, {})
      await assert.rejects(started, new RegExp(`gateway\\.yaml:\\d+:\\d+ {2}"${plugin}" is part of the gateway`))
    }
  })
}
