/** `request.log`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RequestLog } from '../../src/logging/request-log.ts'
import { createLogger } from '../../src/logging/log.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { sampleExchange } from '../access-log/sample-exchange.ts'

test('S2-141 every line about a request carries its id and its trace, those of plugins, of their children and of errors too', async t => {
  const { url, logged } = await startGateway(t, `
policies: { talk: { plugin: ./talk.mjs } }
routes: [{ path: /*, policies: [talk], respond: {} }, { path: /dead, target: "http://127.0.0.1:1" }]`, {
    files: {
      'talk.mjs': `export default async app => { app.addHook("onRequest", async (request, reply) => {
        request.log.info("own")
        request.log.child({ part: "b" }).warn("child")
        reply.log.info("reply")
        request.log.error(new Error("bare"))
      }) }`
    }
  })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await send(url, '/a', { headers: { 'x-request-id': 'r-1', traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
  for (const message of ['own', 'child', 'reply', 'bare', 'request completed']) {
    const line = await logged(({ msg }) => msg === message)
    assert.deepEqual([line['requestId'], line['traceId']], ['r-1', traceId], message)
  }
  assert.equal((await logged(({ msg }) => msg === 'child'))['part'], 'b')
  await send(url, '/dead', { headers: { 'x-request-id': 'r-2', traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
  const failed = await logged(({ msg }) => msg === 'request failed')
  assert.deepEqual([failed['requestId'], failed['traceId']], ['r-2', traceId])
})

test('it is what plugins of the ecosystem take for a log of pino', () => {
  const lines: Record<string, unknown>[] = []
  const parent = createLogger(
    { level: 'info', format: 'json' },
    { write: line => { lines.push(JSON.parse(line) as Record<string, unknown>) } }
  )
  const log = new RequestLog(parent, sampleExchange(), {})
  log.debug('hidden')
  assert.deepEqual([log.level, log.levelVal, log.isLevelEnabled('debug'), log.isLevelEnabled('info')], ['info', 30, false, true])
  assert.deepEqual(Object.keys(log.bindings()), ['requestId', 'traceId'])
  log.setBindings({ user: 'alice' })
  log.level = 'debug'
  assert.ok(log.isLevelEnabled('debug'))
  log.debug({ a: 1 }, 'seen %s', 'here')
  parent.debug('not for others')
  log.child({ part: 'b' }, { level: 'error' }).warn('hidden too')
  assert.deepEqual(lines.map(({ msg, a, user }) => [msg, a, user]), [['seen here', 1, 'alice']])
})

test('a level of a route is heeded', () => {
  const lines: string[] = []
  const parent = createLogger({ level: 'info', format: 'json' }, { write: line => { lines.push(line) } })
  new RequestLog(parent, sampleExchange(), { level: 'warn' }).info('hidden')
  const log = new RequestLog(parent, sampleExchange(), { level: 'trace' })
  assert.equal(log.level, 'trace')
  log.trace('seen')
  assert.equal(lines.length, 1)
})
