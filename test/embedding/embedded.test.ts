/** A gateway as part of another program: `createGateway`. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import fastify from 'fastify'
import { ConfigRefused, createGateway, type EmbeddedGateway, type FastifyInstance, type GatewayOptions } from '../../src/index.ts'
import { startTarget } from '../helpers/target.ts'

const ports = { server: { host: '127.0.0.1', port: 0 }, admin: { port: 0 }, logging: { level: 'silent' } } as const
const hello = { path: '/hello', respond: { text: 'hello' } }

function create (t: TestContext, options: GatewayOptions): EmbeddedGateway {
  const gateway = createGateway({ env: {}, ...options })
  t.after(async () => { await gateway.close({ timeout: 0 }) })
  return gateway
}

/** Resolves when nothing listens on a port of this process that a later test could find open. */
async function isOpen (url: string): Promise<boolean> {
  return await fetch(url).then(() => true, () => false)
}

test('an object, a text and a file are the same configuration', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gateway.yaml')
  const object = { ...ports, routes: [hello] }
  writeFileSync(file, JSON.stringify(object))
  for (const options of [{ config: object }, { config: JSON.stringify(object) }, { file }]) {
    const gateway = create(t, options)
    const { proxy } = await gateway.start()
    assert.equal(await (await fetch(`${proxy}/hello`)).text(), 'hello')
    assert.equal((await gateway.inject('/hello')).body, 'hello')
  }
})

test('options that are not possible are a TypeError at once', () => {
  const wrong: [unknown, RegExp][] = [
    [{}, /exactly one of `file` and `config`/],
    [{ file: 'a', config: {} }, /exactly one/],
    [{ file: 3 }, /`file` must be/],
    [{ file: 'a', folder: 'b' }, /`folder` is for a `config`/],
    [{ config: 3 }, /`config` must be/],
    [{ config: null }, /`config` must be/],
    [{ config: {}, plugins: { './x': () => {} } }, /looks like a path/],
    [{ config: {}, plugins: { '': () => {} } }, /is empty/],
    [{ config: {}, plugins: { 'jwt-auth': () => {} } }, /built-in policy/],
    [{ config: {}, plugins: { x: {} } }, /must be a function, or the exports of a module/],
    [{ config: {}, plugins: { x: null } }, /must be a function/]
  ]
  for (const [options, message] of wrong) {
    assert.throws(
      () => createGateway(options as GatewayOptions),
      (error: Error) => error instanceof TypeError && message.test(error.message)
    )
  }
})

test('a configuration that is refused rejects with all its problems, and nothing is open', async t => {
  const gateway = create(t, { config: { ...ports, routes: [{ path: '/', respnd: {} }] } })
  for (const call of [() => gateway.start(), () => gateway.ready(), () => gateway.inject('/')]) {
    await assert.rejects(call, (error: unknown) => error instanceof ConfigRefused && error.name === 'ConfigRefused' &&
      error.problems.some(({ pointer, hint }) => pointer === '/routes/0/respnd' && hint === 'did you mean "respond"?'))
  }
  assert.equal(gateway.addresses, undefined)
})

test('a policy can be code', async t => {
  const stamp = {
    default: async (app: FastifyInstance, { text, policy }: { readonly text: string, readonly policy: string }) => {
      app.addHook('onRequest', async (_request, reply) => { reply.header('x-stamp', `${policy} ${text}`) })
    },
    config: {}
  }
  const plain = async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (_request, reply) => await reply.code(403).send({ no: true }))
  }
  const gateway = create(t, {
    config: {
      ...ports,
      policies: { mine: { plugin: 'stamp', text: 'hi' }, closed: { plugin: 'never' } },
      routes: [{ ...hello, policies: ['mine'] }, { path: '/closed', respond: {}, policies: ['closed'] }]
    },
    plugins: { stamp }
  }).register('never', plain)
  assert.equal((await gateway.inject('/hello')).headers['x-stamp'], 'mine hi')
  const refused = await gateway.inject('/closed')
  assert.deepEqual([refused.statusCode, refused.json()], [403, { no: true }])
  assert.throws(() => gateway.register('late', plain), /before the start/)
})

test('a name that is not registered is a problem with a place', async t => {
  const gateway = create(t, { config: { ...ports, policies: { a: { plugin: 'missing' } }, routes: [{ ...hello, policies: ['a'] }] } })
  await assert.rejects(gateway.ready(), /^ConfigRefused: \/policies\/a\/plugin {2}unknown plugin "missing"/)
  assert.throws(() => create(t, { config: {} }).register('a', () => {}).register('a', () => {}), /already registered/)
})

test('a start that fails at a port leaves nothing open', async t => {
  const taken = createServer()
  await new Promise<void>(resolve => { taken.listen(0, '127.0.0.1', resolve) })
  t.after(() => { taken.close() })
  const { port } = taken.address() as { port: number }
  const before = process.getActiveResourcesInfo().filter(kind => kind === 'TCPServerWrap').length
  for (const section of ['server', 'admin'] as const) {
    const gateway = create(t, { config: { ...ports, [section]: { host: '127.0.0.1', port }, routes: [hello] } })
    await assert.rejects(gateway.start(), { code: 'EADDRINUSE' })
    await assert.rejects(gateway.start(), { code: 'EADDRINUSE' })
    await assert.rejects(gateway.inject('/hello'), /shutting down/)
    assert.equal(process.getActiveResourcesInfo().filter(kind => kind === 'TCPServerWrap').length, before)
  }
})

test('closing is possible at any time and any number of times', async t => {
  const options = { config: { ...ports, routes: [hello] } }
  const never = create(t, options)
  assert.deepEqual(await Promise.all([never.close(), never.close()]), [0, 0])
  await assert.rejects(never.start(), /closed/)
  await assert.rejects(never.inject('/hello'), /closed/)

  const starting = create(t, options)
  const start = starting.start()
  start.catch(() => {})
  await starting.close()
  await assert.rejects(start, /shutting down|closed/)
  assert.equal(starting.addresses === undefined || !await isOpen(starting.addresses.proxy), true)

  const started = create(t, options)
  const [first, second] = await Promise.all([started.start(), started.start()])
  assert.equal(first, second)
  assert.deepEqual(await Promise.all([started.close(), started.close()]), [0, 0])
  assert.equal(await isOpen(`${first.proxy}/hello`), false)
})

test('closing waits for requests in flight as long as it may, and says how many it has cut', async t => {
  const target = await startTarget(t, () => {})
  const gateway = create(t, { config: { ...ports, routes: [{ path: '/', target: target.url }] } })
  const lost = assert.rejects(gateway.inject('/'), { code: 'ECONNRESET' })
  while (target.hits.length === 0) await new Promise(resolve => setImmediate(resolve))
  assert.equal(await gateway.close({ timeout: 1 }), 1)
  await lost
})

test('a reload replaces the configuration or keeps the old one, and the reason is a value', async t => {
  const limited = {
    ...ports,
    policies: { twice: { plugin: 'rate-limiting', limit: '2/m', key: 'ip' } },
    routes: [{ ...hello, policies: ['twice'] }]
  }
  const gateway = create(t, { config: limited })
  assert.equal((await gateway.inject('/hello')).statusCode, 200)
  const refused = await gateway.reload({ ...limited, routes: [] , nonsense: 1 })
  assert.ok(!refused.ok && refused.error instanceof ConfigRefused && refused.error.problems[0]!.pointer === '/nonsense')
  assert.deepEqual(await gateway.reload({ ...limited, routes: [...limited.routes, { path: '/new', respond: {} }] }), { ok: true })
  assert.equal((await gateway.inject('/new')).statusCode, 200)
  assert.equal((await gateway.inject('/hello')).statusCode, 200)
  assert.equal((await gateway.inject('/hello')).statusCode, 429, 'the state of the limit is kept')
  assert.deepEqual(await gateway.reload(), { ok: true })
  assert.equal((await gateway.inject('/new')).statusCode, 200, 'without an argument it is the configuration that serves')
  await assert.rejects(create(t, { file: '/nowhere.yaml' }).reload({}), TypeError)
})

test('warnings are values, and explain tells what would happen', async t => {
  const gateway = create(t, { config: { ...ports, policies: { unused: { plugin: 'security-headers' } }, routes: [hello] } })
  assert.deepEqual(gateway.warnings, [])
  await gateway.ready()
  assert.deepEqual(gateway.warnings.map(({ pointer, severity }) => [pointer, severity]), [['/policies/unused', 'warning']])
  assert.equal((await gateway.explain({ method: 'GET', url: '/hello' })).route, '/hello')
})

test('a logger that is not pino gets fields and messages, and the one of a Fastify app without a log gets nothing', async t => {
  const lines: unknown[] = []
  const method = (level: string) => (fields: object, message: string) => { lines.push([level, message, Object.keys(fields)]) }
  const own = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map(level => [level, method(level)]))
  const config = { ...ports, routes: [hello, { path: '/dead', target: 'http://127.0.0.1:9' }], accessLog: { enabled: false } }
  const gateway = create(t, { config, logger: { ...own, level: 'info', child: () => assert.fail('no child is made') } as never })
  await gateway.inject('/dead')
  await gateway.reload({ ...config, routes: [hello] })
  assert.deepEqual(lines, [
    ['warn', 'target unreachable', ['upstream', 'target', 'why']],
    ['warn', 'request failed', ['requestId', 'traceId', 'code', 'fault', 'err']],
    ['info', 'configuration reloaded', ['trigger', 'generation', 'routes']]
  ])

  const app = fastify({ logger: false })
  const silent = create(t, { config, logger: app.log })
  assert.deepEqual([(await silent.inject('/dead')).statusCode, (await silent.inject('/hello')).statusCode], [502, 200])
})

test('a logger of the program gets the lines and keeps its level', async t => {
  const lines: string[] = []
  const app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } })
  t.after(async () => await app.close())
  const config = { ...ports, logging: { level: 'info' }, routes: [hello] }
  const gateway = create(t, { config, logger: app.log })
  await gateway.start()
  assert.equal((await gateway.reload({ ...config, logging: { level: 'debug' } })).ok, true)
  assert.equal(app.log.level, 'warn')
  assert.deepEqual(lines.map(line => (JSON.parse(line) as { msg: string }).msg), ['configuration reloaded'])
})
