/**
 * Plugins for the whole gateway that a user writes: routes, hooks, gates, balancers, route keys; and what
 * happens when one of them fails.
 */

import assert from 'node:assert/strict'
import test from 'node:test'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

test('a plugin may serve a path of its own, and the routes of the file are untouched', async t => {
  const { url } = await startProject(t, `
plugins: [./hello.ts]
routes: [{ path: /users, respond: { text: users } }]
`, { 'hello.ts': 'export default async app => { app.get("/hello", async () => ({ hello: "world" })) }' })
  assert.deepEqual(await (await fetch(`${url}/hello`)).json(), { hello: 'world' })
  assert.equal(await (await fetch(`${url}/users`)).text(), 'users')
})

test('the policies of the server guard the paths that a plugin answers itself, too', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [login] }
plugins: [./hello.ts]
policies: { login: { plugin: jwt-auth, secret: a-secret-of-at-least-32-characters } }
routes: [{ path: /users, respond: { text: users } }]
`, { 'hello.ts': 'export default async app => { app.get("/hello", async () => ({ hello: "world" })) }' })
  for (const path of ['/hello', '/users']) assert.equal((await fetch(url + path)).status, 401, path)
})

test('a hook of a plugin that is wrapped in fastify-plugin runs for every request, 404 included', async t => {
  const { url } = await startProject(t, `
plugins: [./everywhere.ts]
routes: [{ path: /users, respond: { text: users } }]
`, {
    'everywhere.ts': `
async function everywhere (app) {
  app.addHook('onRequest', async (request, reply) => { reply.header('x-everywhere', request.exchange.route?.name ?? 'none') })
}
everywhere[Symbol.for('skip-override')] = true
export default everywhere
`
  })
  assert.equal((await fetch(`${url}/users`)).headers.get('x-everywhere'), '/users')
  assert.equal((await fetch(`${url}/nowhere`)).headers.get('x-everywhere'), 'none')
})

test('a plugin that responds for a route key of its own is asked once for every route that has it', async t => {
  const { url } = await startProject(t, `
plugins: [./greeting.ts]
routes:
  - { path: "/greet/:name", greet: Hello }
  - { path: /bye, greet: Bye }
`, {
    'greeting.ts': `
import { Type } from 'onedoor'
export const config = { route: { greet: Type.Optional(Type.String()) }, answers: ['greet'] }
export default async function greeting (app) {
  app.gateway.addRouteHandler('greet', ({ config: { greet } }) => (request, reply) => {
    reply.send(greet + ' ' + (request.params.name ?? 'all'))
  })
}
`
  })
  assert.equal(await (await fetch(`${url}/greet/Ada`)).text(), 'Hello Ada')
  assert.equal(await (await fetch(`${url}/bye`)).text(), 'Bye all')
})

test('a gate with a key of its own closes the targets of the upstreams that have the key, and says when they open', async t => {
  const target = await startTarget(t)
  const { url } = await startProject(t, `
plugins: [./closed.ts]
upstreams:
  shut: { targets: ["${target.url}"], closedFor: 90s }
  open: { targets: ["${target.url}"] }
routes:
  - { path: /shut, upstream: shut }
  - { path: /open, upstream: open }
`, {
    'closed.ts': `
import { Duration, Type } from 'onedoor'
export const config = { upstream: { closedFor: Type.Optional(Duration()) } }
export default async function closed (app) {
  for (const upstream of app.gateway.upstreams.values()) {
    const span = upstream.config.closedFor
    const describe = now => ({ state: 'closed', opensAt: now + span })
    if (span !== undefined) upstream.addGate(() => ({ name: 'closed', permits: () => false, describe }))
  }
}
`
  })
  const refused = await fetch(`${url}/shut`)
  assert.equal(refused.status, 503)
  assert.equal(refused.headers.get('retry-after'), '90')
  assert.equal((await refused.json() as { code: string }).code, 'no-target')
  assert.equal((await fetch(`${url}/open`)).status, 200)
  assert.equal(target.hits.length, 1)
})

test('a balancer of a plugin is named like a built-in one, and a wrong name is refused with the nearest right one', async t => {
  const [main, spare] = [await startTarget(t), await startTarget(t)]
  const yaml = (balance: string) => `
plugins: [./last.ts]
upstreams:
  users: { targets: ["${main.url}", "${spare.url}"], balance: ${balance} }
routes: [{ path: /, upstream: users }]
`
  const files = { 'last.ts': 'export default async app => { app.gateway.addBalancer("last-open", () => ({ pick: open => open.at(-1) })) }' }
  const { url } = await startProject(t, yaml('last-open'), files)
  for (let request = 0; request < 3; request++) await (await fetch(url)).text()
  assert.deepEqual([main.hits.length, spare.hits.length], [0, 3])
  await assert.rejects(
    startProject(t, yaml('last-opened'), files),
    /gateway\.yaml:6:\d+ {2}no plugin offers the balancer "last-opened" — did you mean "last-open"\?/
  )
})

test('two plugins that offer the same balancer, route key or key of the file stop the start by name', async t => {
  const yaml = 'plugins: [./a.ts, ./b.ts]\nroutes: [{ path: /, respond: { text: ok } }]'
  const twice = (text: string) => ({ 'a.ts': text, 'b.ts': text })
  const balancer = 'export default async app => { app.gateway.addBalancer("mine", () => ({ pick: open => open[0] })) }'
  const handler = 'export default async app => { app.gateway.addRouteHandler("greet", () => () => {}) }'
  const key = `import { Type } from "onedoor"
export const config = { root: { mine: Type.Optional(Type.String()) } }
export default async () => {}`
  await assert.rejects(startProject(t, yaml, twice(balancer)), /two plugins offer the balancer "mine"/)
  await assert.rejects(startProject(t, yaml, twice(handler)), /two plugins handle routes with "greet"/)
  await assert.rejects(
    startProject(t, yaml, twice(key)),
    /gateway\.yaml:3:19 .*declares the key "mine", which plugin "\.\/a\.ts" declares already/
  )
})

const moody = `
import { Type } from 'onedoor'
export const config = { options: Type.Object({ mood: Type.String() }, { additionalProperties: false }) }
export default async function moody (app, { mood }) {
  if (mood === 'bad') throw new Error('the plugin moody cannot work in a bad mood')
}
`

test('a plugin that throws while it is registered stops the start, with its own words', async t => {
  for (const listed of ['plugins: [{ plugin: ./moody.ts, mood: bad }]', 'policies: { moody: { plugin: ./moody.ts, mood: bad } }']) {
    const policies = listed.startsWith('policies') ? ', policies: [moody]' : ''
    const start = startProject(t, `${listed}\nroutes: [{ path: /, respond: { text: ok }${policies} }]`, { 'moody.ts': moody })
    await assert.rejects(start, /the plugin moody cannot work in a bad mood/)
  }
})

test('a plugin that throws while it is registered at a reload leaves the old configuration serving', async t => {
  const yaml = (mood: string, answer: string) => `
plugins: [{ plugin: ./moody.ts, mood: ${mood} }]
routes: [{ path: /, respond: { text: ${answer} } }]
`
  const { gateway, url, write } = await startProject(t, yaml('good', 'old'), { 'moody.ts': moody })
  write(yaml('bad', 'new'))
  const refused = await gateway.reload('test')
  assert.equal(refused.ok, false)
  assert.match(refused.problems.join('\n'), /the plugin moody cannot work in a bad mood/)
  assert.equal(await (await fetch(url)).text(), 'old')

  write(yaml('good', 'new'))
  assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
  assert.equal(await (await fetch(url)).text(), 'new')
})
