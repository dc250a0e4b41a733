/** A hook of a plugin that does not end: the client gets a 504 in time, and the log says which hook it was. */

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

const hooks = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend', 'onError'] as const

const pending = `
import { GatewayError, readBody, Type } from 'onedoor'
export const config = { options: Type.Object({ hook: Type.String(), way: Type.String() }) }
export default async function pending (app, { hook, way }) {
  if (hook === 'preSerialization') app.addHook('onRequest', async (request, reply) => reply.send({ an: 'object' }))
  if (hook === 'onError') app.addHook('onRequest', async () => { throw new GatewayError('forbidden') })
  const payload = ['preParsing', 'preSerialization', 'onSend', 'onError'].includes(hook)
  const never = way === 'promise' ? () => new Promise(() => {}) : () => {}
  if (way === 'body') app.addHook(hook, async request => { await readBody(request.exchange, 1000) })
  else if (way === 'answers') app.addHook(hook, (request, reply) => {
    reply.raw.writeHead(200).write('first ')
    setTimeout(() => reply.raw.end('last'), 150)
  })
  else app.addHook(hook, payload ? (request, reply, payload, done) => never() : (request, reply, done) => never())
}
`

test('a hook that never ends', async t => {
  const target = await startTarget(t)
  const ways = ['callback', 'promise']
  const names = hooks.flatMap(hook => ways.map(way => ({ hook, way, name: `${hook}-${way}` })))
  const { url, logged } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { policies: 60ms } }
policies:
${names.map(({ hook, way, name }) => `  ${name}: { plugin: ./pending.ts, hook: ${hook}, way: ${way} }`).join('\n')}
  reading: { plugin: ./pending.ts, hook: preHandler, way: body }
  answering: { plugin: ./pending.ts, hook: preHandler, way: answers }
routes:
${names.map(({ name }) => `  - { path: /${name}, target: "${target.url}", policies: [${name}] }`).join('\n')}
  - { path: /reading, target: "${target.url}", policies: [reading] }
  - { path: /answering, target: "${target.url}", policies: [answering] }
`, { 'pending.ts': pending })

  await Promise.all(names.map(async ({ hook, name }) => {
    const response = await fetch(`${url}/${name}`, { headers: { 'x-request-id': name } })
    const text = await response.text()
    if (hook === 'onError') {
      assert.equal(response.status, 403)
      const { err } = await logged(({ msg, requestId }) => msg === 'a plugin failed' && requestId === name)
      assert.match((err as Error).stack!, /onError did not end/)
      return
    }
    assert.deepEqual([response.status, (JSON.parse(text) as { code: string }).code], [504, 'policy-timeout'], name)
    assert.ok(!text.includes(name) || text.split(name).length === 2, 'the name is there as the request id only')
    const line = await logged(({ msg, requestId }) => msg === 'request failed' && requestId === name)
    assert.deepEqual([line['policy'], line['hook'], line['fault']], [name, hook, 'plugin'])
    assert.equal((line['err'] as Error).message, `${hook} did not end within 0.06 s`)
  }))

  await t.test('a hook that has begun to respond is not given up', async () => {
    assert.equal(await (await fetch(`${url}/answering`)).text(), 'first last')
  })

  await t.test('a hook that waits for the body of a slow client is not given up', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.write('POST /reading HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\nx-request-id: slow\r\n\r\nab')
    const waiting = logged(({ msg, requestId }) => msg === 'request failed' && requestId === 'slow')
    // The limit passes several times.
    const timer = new Promise(resolve => setTimeout(resolve, 250))
    assert.equal(await Promise.race([waiting, timer]), undefined)
    socket.write('cd')
    const [bytes] = await once(socket, 'data') as [Buffer]
    assert.match(bytes.toString(), /^HTTP\/1\.1 200/)
  })
})

test('an authenticator that never ends, alone and as an alternative', async t => {
  const vague = `
import { authentication } from 'onedoor'
export const config = {}
export const authenticator = () => () => new Promise(() => {})
export default authentication(authenticator)
`
  const { url, logged } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { policies: 60ms } }
policies:
  vague: { plugin: ./vague.ts }
  other: { plugin: ./vague.ts }
  either: { plugin: any-of, policies: [vague, other] }
routes:
  - { path: /alone, respond: { text: ok }, policies: [vague] }
  - { path: /either, respond: { text: ok }, policies: [either] }
`, { 'vague.ts': vague })
  for (const [path, hook] of [['/alone', 'onRequest'], ['/either', 'authenticator']] as const) {
    const response = await fetch(url + path, { headers: { 'x-request-id': path } })
    assert.deepEqual([response.status, ((await response.json()) as { code: string }).code], [504, 'policy-timeout'])
    const line = await logged(({ msg, requestId }) => msg === 'request failed' && requestId === path)
    assert.deepEqual([line['policy'], line['hook']], ['vague', hook])
  }
})

test('a request arms no timer where hooks end before they return, and none of built-in policies', async t => {
  const limit = 7654
  const timers = t.mock.method(globalThis, 'setTimeout')
  const armed = (): number => timers.mock.calls.filter(({ arguments: [, delay] }) => delay === limit).length
  const target = await startTarget(t)
  const hooks = (way: string): string => `
export default async function it (app) {
  const hook = ${way === 'sync' ? '(request, reply, done) => done()' : 'async () => {}'}
  for (const name of ['onRequest', 'preHandler', 'onResponse']) app.addHook(name, hook)
  app.addHook('onSend', ${way === 'sync' ? '(request, reply, payload, done) => done()' : 'async () => {}'})
}`
  const { url } = await startProject(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { policies: ${limit}ms } }
policies:
  sync: { plugin: ./sync.ts }
  async: { plugin: ./async.ts }
  limit: { plugin: rate-limiting, limit: 1000/s }
  headers: { plugin: security-headers }
  cors: { plugin: cors, origins: ["*"] }
routes:
  - { path: /sync, target: "${target.url}", policies: [sync, limit, headers, cors] }
  - { path: /async, target: "${target.url}", policies: [async] }
`, { 'sync.ts': hooks('sync'), 'async.ts': hooks('async') })
  for (let i = 0; i < 5; i++) assert.equal((await fetch(`${url}/sync`)).status, 200)
  assert.equal(armed(), 0)
  assert.equal((await fetch(`${url}/async`)).status, 200)
  assert.equal(armed(), 3, 'one for each hook that was pending and that the request waits for')
})
