/** Whatever a plugin throws, and wherever: the client gets an error document without its text, and the log says which plugin it was. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

const ways = ['throws', 'rejects', 'calls', 'sends'] as const
const rejecting = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'onSend', 'preSerialization'] as const
const logging = ['onError', 'onResponse'] as const
const withPayload = ['preParsing', 'preSerialization', 'onSend', 'onError']

const secret = 'db at 10.0.0.3 said hunter2'

/** Fails in one hook in one way. `sends` cannot happen in a hook that runs because a response is being sent. */
const failing = `
import { GatewayError, Type } from 'onedoor'
export const config = { options: Type.Object({ hook: Type.String(), way: Type.String(), status: Type.Optional(Type.Integer()) }) }
const withPayload = ${JSON.stringify(withPayload)}
export default async function failing (app, { hook, way, status }) {
  const error = () => Object.assign(new Error(${JSON.stringify(secret)}), status === undefined ? {} : { statusCode: status })
  const act = {
    throws: () => { throw error() },
    rejects: async () => { throw error() },
    calls: (reply, done) => { done(error()) },
    sends: (reply, done) => { reply.send(error()) }
  }[way]
  if (hook === 'onError' || hook === 'errorHandler') app.addHook('onRequest', async () => { throw new GatewayError('forbidden') })
  if (hook === 'preSerialization') app.addHook('onRequest', async (request, reply) => reply.send({ an: 'object' }))
  if (hook === 'errorHandler') app.setErrorHandler((thrown, request, reply) => act(reply, error => { throw error }))
  else app.addHook(hook, withPayload.includes(hook)
    ? (request, reply, payload, done) => act(reply, done)
    : (request, reply, done) => act(reply, done))
}
`

const owning = `
import { Type } from 'onedoor'
export const config = { route: { fails: Type.Optional(Type.Boolean()) }, answers: ['fails'] }
const error = () => new Error(${JSON.stringify(secret)})
export default async function owning (app) {
  app.get('/own/throws', () => { throw error() })
  app.get('/own/rejects', async () => { throw error() })
  app.get('/own/sends', (request, reply) => { reply.send(error()) })
  app.get('/own/hook', { preHandler: async () => { throw error() } }, async () => 'ok')
  app.get('/own/handled', { errorHandler: () => { throw error() } }, async () => { throw new Error('another') })
  app.get('/own/odd', async () => ({ toJSON: () => { throw error() } }))
  app.get('/own/field', async (request, reply) => { reply.header('x-odd', ${JSON.stringify(secret)} + '\\n'); return 'ok' })
  app.get('/own/503', (request, reply) => { reply.code(503).send('closed') })
  app.gateway.reserve('/own/reserved', () => { throw error() })
  app.gateway.reserve('/own/promised', async () => { throw error() })
  app.gateway.onBegin(({ path }) => { if (path === '/own/begin') throw error() })
  app.gateway.onClosed(({ path }) => { if (path === '/own/closed') throw error() })
  app.gateway.onRejectedInput(() => { throw error() })
  app.gateway.addRouteHandler('fails', () => async () => { throw error() })
  app.get('/own/closed', async () => 'closed')
  app.get('/own/body', (request, reply) => {
    reply.send(new ReadableStream({ start (body) { body.enqueue(new Uint8Array(70_000)) }, pull () { throw error() } }))
  })
}
`

interface Case {
  readonly path: string
  readonly hook: string
  readonly way: string
  readonly status?: number
}

const cases: Case[] = [...rejecting, 'errorHandler', ...logging].flatMap(hook => ways
  .filter(way => way !== 'sends' || ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'errorHandler'].includes(hook))
  .map(way => ({ path: `/${hook}/${way}`, hook, way })))
const withStatus: Case[] = [503, 599, 429, 418].flatMap(status => ['preHandler', 'onSend'].map(hook => ({
  path: `/${hook}/${status}`, hook, way: 'rejects', status
})))

async function start (t: TestContext): Promise<TestGateway> {
  const target = await startTarget(t)
  const all = [...cases, ...withStatus]
  return await startProject(t, `
plugins: [./owning.ts]
policies:
${all.map(policyOf).join('\n')}
routes:
  - { path: /own/answers, fails: true }
${all.flatMap(({ path }) => [
    `  - { path: ${path}, target: "${target.url}", policies: [${nameOf(path)}] }`,
    `  - { path: /respond${path}, respond: { text: ok }, policies: [${nameOf(path)}] }`
  ]).join('\n')}
`, { 'failing.ts': failing, 'owning.ts': owning })
}

function policyOf ({ path, hook, way, status }: Case): string {
  return `  ${nameOf(path)}: { plugin: ./failing.ts, hook: ${hook}, way: ${way}${status === undefined ? '' : `, status: ${status}`} }`
}

function nameOf (path: string): string {
  return path.slice(1).replace('/', '-')
}

test('errors of plugins', async t => {
  const gateway = await start(t)
  const { url, logged, logs } = gateway

  async function problemAt (path: string): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, { headers: { 'x-request-id': path } })
    const text = await response.text()
    for (const said of [text, JSON.stringify([...response.headers])]) assert.doesNotMatch(said, /hunter2|10\.0\.0\.3/)
    assert.equal(response.headers.get('content-type'), 'application/problem+json', path)
    const problem = JSON.parse(text) as Record<string, unknown>
    assert.equal(problem['status'], response.status)
    return problem
  }

  for (const { path, hook, way } of cases.filter(one => !logging.includes(one.hook as 'onError'))) {
    await t.test(`${hook} ${way}`, async () => {
      for (const asked of [path, `/respond${path}`]) {
        const { code, status, detail } = await problemAt(asked)
        assert.deepEqual([code, status, detail], ['plugin-error', 500, undefined], asked)
        const line = await logged(({ msg, requestId }) => msg === 'request failed' && requestId === asked)
        const { fault, level, policy, plugin, err } = line as { err: Error } & Record<string, unknown>
        assert.deepEqual([fault, level, policy, plugin, line['hook']], ['plugin', 'error', nameOf(path), './failing.ts', hook])
        assert.equal(err.message, secret)
        const access = await logged(({ msg, requestId }) => msg === 'request completed' && requestId === asked)
        assert.deepEqual([access['code'], access['fault'], access['level']], ['plugin-error', 'plugin', 'error'])
      }
    })
  }

  for (const { path, hook, way } of cases.filter(one => logging.includes(one.hook as 'onError'))) {
    await t.test(`${hook} ${way}: the response is what it was`, async () => {
      for (const asked of [path, `/respond${path}`]) {
        const response = await fetch(url + asked, { headers: { 'x-request-id': asked } })
        assert.equal(response.status, hook === 'onError' ? 403 : 200)
        await response.text()
        const line = await logged(({ msg, requestId }) => msg === 'a plugin failed' && requestId === asked)
        const { policy, fault, err } = line as { err: Error } & Record<string, unknown>
        assert.deepEqual([policy, line['hook'], fault, err.message], [nameOf(path), hook, 'plugin', secret])
      }
    })
  }

  for (const { path, status } of withStatus) {
    await t.test(`the status is kept: ${path}`, async () => {
      const { code, status: sent } = await problemAt(path)
      assert.equal(sent, status)
      assert.equal(code, status! >= 500 ? 'plugin-error' : status === 429 ? 'rate-limited' : 'rejected')
    })
  }

  for (const [path, hook] of [
    ['throws', 'handler'], ['rejects', 'handler'], ['sends', 'handler'], ['odd', 'handler'], ['field', 'handler'], ['hook', 'preHandler'],
    ['handled', 'errorHandler'], ['answers', 'handler'], ['begin', 'onBegin']
  ] as const) {
    await t.test(`a route of a plugin: ${path}`, async () => {
      const asked = `/own/${path}`
      assert.equal((await problemAt(asked))['code'], 'plugin-error')
      const line = await logged(({ msg, requestId }) => msg === 'request failed' && requestId === asked)
      assert.deepEqual([line['plugin'], line['policy'], line['hook']], ['./owning.ts', undefined, hook])
    })
  }

  await t.test('a reserved path whose handler fails', async () => {
    for (const path of ['/own/reserved', '/own/promised']) {
      const response = await fetch(url + path)
      const text = await response.text()
      assert.equal(response.status, 500)
      assert.equal((JSON.parse(text) as { code: string }).code, 'plugin-error')
      assert.doesNotMatch(text, /hunter2/)
    }
    assert.equal(logs.filter(({ hook, plugin }) => hook === 'reserved' && plugin === './owning.ts').length, 2)
  })

  await t.test('a listener for rejected input that fails', async () => {
    assert.equal((await exchangeBytes(t, url, 'no request at all\r\n\r\n')).status, 400)
    assert.equal((await logged(({ hook }) => hook === 'onRejectedInput'))['msg'], 'a plugin failed')
  })

  await t.test('a listener for ends that fails', async () => {
    assert.equal(await (await fetch(`${url}/own/closed`, { headers: { 'x-request-id': 'own-closed' } })).text(), 'closed')
    const line = await logged(({ msg, requestId }) => msg === 'a plugin failed' && requestId === 'own-closed')
    assert.deepEqual([line['plugin'], line['hook']], ['./owning.ts', 'onClosed'])
  })

  await t.test('a 503 that a plugin sends is its own, and no fault of the gateway', async () => {
    const response = await fetch(`${url}/own/503`, { headers: { 'x-request-id': 'own-503' } })
    assert.deepEqual([response.status, await response.text()], [503, 'closed'])
    const line = await logged(({ msg, requestId }) => msg === 'request completed' && requestId === 'own-503')
    assert.deepEqual([line['code'], line['fault']], ['plugin-response', 'plugin'])
  })

  await t.test('a body that fails after the headers cuts the response, and the log says whose it was', async () => {
    const response = await fetch(`${url}/own/body`, { headers: { 'x-request-id': 'own-body' } })
    assert.equal(response.status, 200)
    await assert.rejects(response.arrayBuffer())
    const line = await logged(({ msg, requestId }) => msg === 'response cut' && requestId === 'own-body')
    const { plugin, hook, fault, err } = line as { err: Error } & Record<string, unknown>
    assert.deepEqual([plugin, hook, fault, err.message], ['./owning.ts', 'handler', 'plugin', secret])
    const access = await logged(({ msg, requestId }) => msg === 'request completed' && requestId === 'own-body')
    assert.deepEqual([access['code'], access['fault']], ['plugin-error', 'plugin'])
  })

  await t.test('no fault of the gateway is counted', async () => {
    const metrics = await (await fetch(`${gateway.admin}/metrics`)).text()
    assert.match(metrics, /gateway_errors_total\{code="plugin-error",fault="plugin",[^}]*\} \d+/)
    assert.doesNotMatch(metrics, /gateway_errors_total\{[^}]*fault="gateway"/)
    assert.deepEqual(logs.filter(({ fault }) => fault === 'gateway'), [])
  })
})

const staged = `
import { Transform } from 'node:stream'
import { responseStage, Type } from 'onedoor'
export const config = { options: Type.Object({ at: Type.String() }) }
export default async function staged (app, { at }) {
  const fail = () => { throw new Error(${JSON.stringify(secret)}) }
  const stages = {
    fields: { fields: fail },
    tee: { tee: fail },
    transform: { transform: fail },
    chunk: { tee: () => ({ chunk: fail }) },
    end: { end: fail },
    stream: { transform: () => new Transform({ transform: (chunk, encoding, done) => done(new Error(${JSON.stringify(secret)})) }) }
  }
  app.addHook('onSend', responseStage(stages[at]))
}
`

test('errors of the stages of a plugin', async t => {
  const target = await startTarget(t)
  const stages = ['fields', 'tee', 'transform', 'chunk', 'end', 'stream']
  const { url, logged } = await startProject(t, `
policies: { ${stages.map(at => `${at}: { plugin: ./staged.ts, at: ${at} }`).join(', ')} }
routes:
${stages.flatMap(at => [
    `  - { path: /${at}, target: "${target.url}", policies: [${at}] }`,
    `  - { path: /respond/${at}, respond: { text: ok }, policies: [${at}] }`
  ]).join('\n')}
`, { 'staged.ts': staged })

  for (const at of ['fields', 'tee', 'transform']) {
    for (const path of [`/${at}`, `/respond/${at}`]) {
      const response = await fetch(url + path, { headers: { 'x-request-id': path } })
      assert.equal(response.status, 500)
      const text = await response.text()
      assert.equal((JSON.parse(text) as { code: string }).code, 'plugin-error')
      assert.doesNotMatch(text, /hunter2/)
      const line = await logged(({ msg, requestId }) => msg === 'request failed' && requestId === path)
      assert.deepEqual([line['policy'], line['hook'], (line['err'] as Error).message], [at, 'onSend', secret])
    }
  }

  for (const at of ['chunk', 'end', 'stream']) {
    const response = await fetch(`${url}/${at}`, { headers: { 'x-request-id': at } })
    const body = response.text()
    await (at === 'stream' ? assert.rejects(body) : body)
    const line = await logged(({ msg, requestId }) => msg === 'a plugin failed' && requestId === at)
    assert.deepEqual([line['policy'], line['fault'], (line['err'] as Error).message], [at, 'plugin', secret])
    const access = await logged(({ msg, requestId }) => msg === 'request completed' && requestId === at)
    assert.equal(access['code'], at === 'stream' ? 'plugin-error' : undefined)
  }
})
