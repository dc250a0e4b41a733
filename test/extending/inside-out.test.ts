/** What policies do to a response happens inside out: listed a, b, c, the request meets a, b, c and the response c, b, a. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

/** Two response hooks and one request hook, each of which adds its name to a field. */
const trail = `
const add = (reply, field, step) => { reply.header(field, [reply.getHeader(field), step].flat().filter(Boolean).join(' ')) }
export const config = {}
export default async function trail (app, { policy }) {
  app.addHook('onSend', async (request, reply) => { add(reply, 'x-out', policy + '1') })
  app.addHook('onRequest', async (request, reply) => { add(reply, 'x-in', policy) })
  app.addHook('onSend', (request, reply, payload, done) => { add(reply, 'x-out', policy + '2'); done() })
}
`

/** An ecosystem plugin: wrapped in fastify-plugin, and told nothing but its options. */
const wrapped = `
export default Object.assign(async function wrapped (app, { step }) {
  app.register(Object.assign(async function inner (app) {
    app.addHook('onSend', async (request, reply) => {
      reply.header('x-out', [reply.getHeader('x-out'), step].flat().filter(Boolean).join(' '))
    })
  }, { [Symbol.for('skip-override')]: true }))
}, { [Symbol.for('skip-override')]: true })
`

const files = { 'trail.ts': trail, 'wrapped.ts': wrapped }

const definitions = `
policies:
  a: { plugin: ./trail.ts }
  b: { plugin: ./trail.ts }
  c: { plugin: ./trail.ts }
  s: { plugin: ./trail.ts }
  u: { plugin: ./trail.ts }
  w: { plugin: ./wrapped.ts, step: w }
`

test('policies of a route meet the response in reverse order, the hooks of each in their own', async t => {
  const target = await startTarget(t)
  const { url } = await startProject(t, `${definitions}
routes:
  - { path: /abc, target: "${target.url}", policies: [a, b, c] }
  - { path: /cab, respond: { text: ok }, policies: [c, a, b] }
`, files)
  const proxied = await fetch(`${url}/abc`)
  assert.equal(proxied.headers.get('x-in'), 'a b c')
  assert.equal(proxied.headers.get('x-out'), 'c1 c2 b1 b2 a1 a2')
  assert.equal((await fetch(`${url}/cab`)).headers.get('x-out'), 'b1 b2 a1 a2 c1 c2')
})

test('policies of the server are outside of those of the route, also where no route matches', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [s, u] }
${definitions}
routes:
  - { path: /ab, respond: { text: ok }, policies: [a, b] }
  - { path: /none, respond: { text: ok } }
`, files)
  for (const [path, requested, responded] of [
    ['/ab', 's u a b', 'b1 b2 a1 a2 u1 u2 s1 s2'],
    ['/none', 's u', 'u1 u2 s1 s2'],
    ['/elsewhere', 's u', 'u1 u2 s1 s2']
  ] as const) {
    const { headers } = await fetch(url + path)
    assert.deepEqual([headers.get('x-in'), headers.get('x-out')], [requested, responded], path)
  }
})

test('a response of the gateway itself, an error among it, takes the same way', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [s] }
${definitions}
  closed: { plugin: ./closed.ts }
routes:
  - { path: /, respond: { text: ok }, policies: [a, closed, b] }
`, {
    ...files,
    'closed.ts': `export default async app => {
      app.addHook("onRequest", async () => { throw Object.assign(new Error("no"), { statusCode: 403 }) })
    }`
  })
  const answer = await fetch(url)
  assert.equal(answer.status, 403)
  assert.equal(answer.headers.get('x-in'), 's a')
  assert.equal(answer.headers.get('x-out'), 'b1 b2 a1 a2 s1 s2')
})

test('plugins that are wrapped in fastify-plugin, and those that register others, keep their place', async t => {
  const target = await startTarget(t)
  const { url } = await startProject(t, `${definitions}
routes:
  - { path: /awb, target: "${target.url}", policies: [a, w, b] }
`, files)
  assert.equal((await fetch(`${url}/awb`)).headers.get('x-out'), 'b1 b2 w a1 a2')
})

test('the list of plugins is outside of all policies, and is met in reverse order too', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [s] }
plugins: [{ plugin: ./wrapped.ts, step: p }, { plugin: ./wrapped.ts, step: q }, { plugin: ./page.ts }]
${definitions}
routes:
  - { path: /a, respond: { text: ok }, policies: [a] }
`, {
    ...files,
    'page.ts': `export default async app => {
      app.addHook("onSend", async (request, reply) => { reply.header("x-out", "page") })
      app.get("/page", async () => "a page")
    }`
  })
  assert.equal((await fetch(`${url}/a`)).headers.get('x-out'), 'a1 a2 s1 s2 q p')
  // A plugin with a scope of its own: its hooks stay there, inside of all others.
  assert.equal((await fetch(`${url}/page`)).headers.get('x-out'), 'page s1 s2 q p')
})

test('a payload is changed by the inner policy first', async t => {
  const wrap = `
export const config = {}
export default async function wrap (app, { policy }) {
  app.addHook('preSerialization', async (request, reply, payload) => ({ [policy]: payload }))
  app.addHook('onSend', async (request, reply, payload) => policy + '(' + payload + ')')
}
`
  const give = `const give = async app => { app.get("/object", async () => ({ ok: true })) }
    export default Object.assign(give, { [Symbol.for("skip-override")]: true })`
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [a, b] }
plugins: [{ plugin: ./give.ts }]
policies: { a: { plugin: ./wrap.ts }, b: { plugin: ./wrap.ts } }
routes: [{ path: /, respond: { text: ok } }]
`, { 'wrap.ts': wrap, 'give.ts': give })
  assert.equal(await (await fetch(`${url}/object`)).text(), 'a(b({"a":{"b":{"ok":true}}}))')
})

test('a hook that Fastify refuses is a problem of the policy that adds it', async t => {
  const start = startProject(t, `
policies: { wrong: { plugin: ./wrong.ts } }
routes: [{ path: /, respond: { text: ok }, policies: [wrong] }]
`, { 'wrong.ts': 'export default async app => { app.addHook("onSend", async (a, b, c, d) => {}) }' })
  await assert.rejects(start, /the plugin does not start: .*[Aa]sync/)
})

test('the outer of two built-in policies has the last word', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(200, { 'x-frame-options': 'ALLOW' }).end('ok'))
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [everywhere] }
policies:
  everywhere: { plugin: security-headers, frameOptions: SAMEORIGIN, upstream: loses }
  strict: { plugin: security-headers, frameOptions: DENY, upstream: loses }
  lenient: { plugin: security-headers, frameOptions: off, referrerPolicy: origin }
  pages: { plugin: cors, origins: ["https://app.example.com"] }
routes:
  - { path: /strict, target: "${target.url}", policies: [strict] }
  - { path: /pages, target: "${target.url}", policies: [lenient, pages, strict] }
`, files)
  assert.equal((await fetch(`${url}/strict`)).headers.get('x-frame-options'), 'SAMEORIGIN')
  const { headers } = await fetch(`${url}/pages`, { headers: { origin: 'https://app.example.com' } })
  assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN')
  assert.equal(headers.get('access-control-allow-origin'), 'https://app.example.com')
  assert.equal(headers.get('vary'), 'Origin')
})
