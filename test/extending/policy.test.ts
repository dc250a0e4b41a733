/** Policies that a user writes: their options, their hooks, their order and what they throw. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

const stamp = `
import { Type } from 'onedoor'
const header = Type.String({ pattern: '^[a-z-]+$', expected: 'the name of a header' })
export const config = { options: Type.Object({ header }, { additionalProperties: false }) }
export default async function stamp (app, { header, policy }) {
  app.addHook('onRequest', async (request, reply) => { reply.header(header, policy) })
}
`

test('a policy that is not wrapped in fastify-plugin takes effect on the routes that list it, and on no other', async t => {
  const { url } = await startProject(t, `
policies:
  mine: { plugin: ./plugins/stamp.ts, header: x-door }
routes:
  - { path: /stamped, respond: { text: ok }, policies: [mine] }
  - { path: /plain, respond: { text: ok } }
`, { 'plugins/stamp.ts': stamp })
  assert.equal((await fetch(`${url}/stamped`)).headers.get('x-door'), 'mine')
  assert.equal((await fetch(`${url}/plain`)).headers.get('x-door'), null)
})

test('a policy sees the method, the target and the parameters of the request as the client sent them', async t => {
  const { url } = await startProject(t, `
policies: { seen: { plugin: ./seen.ts } }
routes:
  - { path: "/users/:id", methods: [PUT], respond: { text: ok }, policies: [seen] }
  - { path: "/files/*", respond: { text: ok }, policies: [seen] }
`, {
    'seen.ts': `export default async app => {
      app.addHook("onRequest", async (request, reply) => {
        reply.header("x-seen", JSON.stringify([request.method, request.url, request.params]))
      })
    }`
  })
  for (const [method, path, params] of [
    ['PUT', '/users/a%20b?x=%2F', { id: 'a b' }],
    ['DELETE', '/files/a%2Cb?c', { '*': 'a,b' }]
  ] as const) {
    assert.deepEqual(JSON.parse((await fetch(url + path, { method })).headers.get('x-seen')!), [method, path, params])
  }
})

test('one plugin under two names is two policies, each with its own options', async t => {
  const { url } = await startProject(t, `
policies:
  first: { plugin: ./stamp.ts, header: x-a }
  second: { plugin: ./stamp.ts, header: x-b }
routes:
  - { path: /, respond: { text: ok }, policies: [first, second] }
`, { 'stamp.ts': stamp })
  const { headers } = await fetch(url)
  assert.equal(headers.get('x-a'), 'first')
  assert.equal(headers.get('x-b'), 'second')
})

test('a policy of the server runs for every request, also where no route matches', async t => {
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, policies: [mine] }
policies: { mine: { plugin: ./stamp.ts, header: x-door } }
routes: [{ path: /here, respond: { text: ok } }]
`, { 'stamp.ts': stamp })
  assert.equal((await fetch(`${url}/here`)).headers.get('x-door'), 'mine')
  const missed = await fetch(`${url}/elsewhere`)
  assert.equal(missed.status, 404)
  assert.equal(missed.headers.get('x-door'), 'mine')
})

test('a wrong option of a user\'s policy is refused with its place, a caret and what was expected', async t => {
  const yaml = `
policies:
  mine: { plugin: ./stamp.ts, header: "X Door" }
routes: [{ path: /, respond: { text: ok }, policies: [mine] }]
`
  const refused = await startProject(t, yaml, { 'stamp.ts': stamp }).catch((error: unknown) => error)
  assert.ok(refused instanceof ConfigRefused)
  const text = refused.problems.map(problem => formatProblem(problem, refused.source)).join('\n')
  assert.match(text, /gateway\.yaml:5:39 {2}expected the name of a header, got "X Door"/)
  assert.match(text, / +\| {1,}\^+$/m)
})

test('an option that the plugin does not have is refused with the nearest one that it has', async t => {
  const start = startProject(t, `
policies: { mine: { plugin: ./stamp.ts, heder: x-door } }
routes: [{ path: /, respond: { text: ok }, policies: [mine] }]
`, { 'stamp.ts': stamp })
  await assert.rejects(start, /unknown key "heder" — did you mean "header"\?/)
})

test('the hooks of policies meet the request in the listed order and the response in the reverse one', async t => {
  const target = await startTarget(t)
  const trail = `
export const config = {}
export default async function trail (app, { policy }) {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-before', [reply.getHeader('x-before'), policy].flat().filter(Boolean).join(' '))
  })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-after', [reply.getHeader('x-after'), policy].flat().filter(Boolean).join(' '))
  })
}
`
  const { url } = await startProject(t, `
policies:
  a: { plugin: ./trail.ts }
  b: { plugin: ./trail.ts }
routes:
  - { path: /ab, target: "${target.url}", policies: [a, b] }
  - { path: /ba, target: "${target.url}", policies: [b, a] }
`, { 'trail.ts': trail })
  for (const [path, order] of [['/ab', 'a b'], ['/ba', 'b a']] as const) {
    const { headers } = await fetch(url + path)
    assert.equal(headers.get('x-before'), order)
    assert.equal(headers.get('x-after'), order.split(' ').toReversed().join(' '))
  }
  assert.equal(target.hits.length, 2)
})

test('a policy that throws a GatewayError gets its reason, detail and headers, and the upstream never hears of it', async t => {
  const target = await startTarget(t)
  const { url, logged } = await startProject(t, `
policies: { closed: { plugin: ./closed.ts } }
routes: [{ path: /, target: "${target.url}", policies: [closed] }]
`, {
    'closed.ts': `
import { GatewayError } from 'onedoor'
export default async function closed (app) {
  app.addHook('onRequest', async () => {
    throw new GatewayError('forbidden', { detail: 'not today', headers: { 'x-why': 'holiday' }, members: { until: 'monday' } })
  })
}
`
  })
  const answer = await fetch(url)
  assert.equal(answer.status, 403)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal(answer.headers.get('x-why'), 'holiday')
  const { code, detail, until } = await answer.json() as Record<string, unknown>
  assert.deepEqual({ code, detail, until }, { code: 'forbidden', detail: 'not today', until: 'monday' })
  assert.equal(target.hits.length, 0)
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['code'], 'forbidden')
})

test('an ordinary error with a status of the client gets that status as rejected', async t => {
  const { url } = await startProject(t, `
policies: { tea: { plugin: ./tea.ts } }
routes: [{ path: /, respond: { text: ok }, policies: [tea] }]
`, {
    'tea.ts': `export default async app => {
      app.addHook("onRequest", async () => { throw Object.assign(new Error("a teapot"), { statusCode: 418 }) })
    }`
  })
  const answer = await fetch(url)
  assert.equal(answer.status, 418)
  const { code, detail } = await answer.json() as Record<string, unknown>
  assert.deepEqual({ code, detail }, { code: 'rejected', detail: undefined })
})

test('an error that a policy did not mean to show is a 500 that says nothing of it', async t => {
  const { url, logged } = await startProject(t, `
policies: { broken: { plugin: ./broken.ts } }
routes: [{ path: /, respond: { text: ok }, policies: [broken] }]
`, { 'broken.ts': 'export default async app => { app.addHook("onRequest", async () => { throw new Error("password is hunter2") }) }' })
  const answer = await fetch(url)
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /hunter2/)
  const line = await logged(({ msg }) => msg === 'request failed')
  assert.equal(line['code'], 'plugin-error')
  assert.match((line['err'] as { message: string }).message, /hunter2/)
})

test('a package is named like an import and found beside the file, CommonJS or not', async t => {
  const { url } = await startProject(t, `
policies: { helmet: { plugin: tiny-helmet, frame: deny } }
routes: [{ path: /, respond: { text: ok }, policies: [helmet] }]
`, {
    'node_modules/tiny-helmet/package.json': '{ "name": "tiny-helmet", "version": "1.0.0", "main": "index.js" }',
    'node_modules/tiny-helmet/index.js': `
'use strict'
function helmet (fastify, options, done) {
  fastify.addHook('onRequest', (request, reply, next) => {
    reply.header('x-frame-options', options.frame).header('x-options', Object.keys(options).join())
    next()
  })
  done()
}
helmet[Symbol.for('skip-override')] = true
module.exports = helmet
`
  })
  const { headers } = await fetch(url)
  assert.equal(headers.get('x-frame-options'), 'deny')
  assert.equal(headers.get('x-options'), 'frame', 'a foreign plugin gets its own options and nothing else')
})

test('a core plugin cannot be listed as a policy', async t => {
  const start = startProject(t, `
policies: { guard: { plugin: request-guard } }
routes: [{ path: /, respond: { text: ok }, policies: [guard] }]
`, {})
  await assert.rejects(start, /gateway\.yaml:4:30 {2}"request-guard" is part of the gateway — it is always on/)
})

test('a plugin that does not exist is refused at its place', async t => {
  const start = startProject(t, `
policies: { limit: { plugin: rate-limitng, limit: 1/s } }
routes: [{ path: /, respond: { text: ok }, policies: [limit] }]
`, {})
  await assert.rejects(start, /gateway\.yaml:4:30 {2}unknown plugin "rate-limitng" — did you mean "rate-limiting"\?/)
})
