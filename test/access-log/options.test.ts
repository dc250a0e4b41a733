/** What `accessLog` and `logging` change about the log of a running gateway. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { createLogger } from '../../src/logging/log.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'

const fixed = 'routes: [{ path: "/users/:id", respond: {} }, { path: /*, respond: {} }]'
const completed = ({ msg }: Record<string, unknown>): boolean => msg === 'request completed'

test('fields are added, left out and renamed, and secrets stay hidden in those that are added', async t => {
  const { url, logged, logs } = await startGateway(t, `
logging: { redact: ["header:x-pin", "query:email", sub] }
accessLog:
  fields:
    include: [host, userAgent, referer, query, protocol, peer, spanId, "header:x-tenant", "header:authorization", "header:x-pin",
      "param:id", "claim:tenant"]
    exclude: [bytesIn, bytesOut, durationMs, traceId, requestId, clientIp]
    rename: { userAgent: user_agent, "claim:tenant": tenant }
policies: { who: { plugin: ./who.mjs } }
routes: [{ path: "/users/:id", policies: [who], respond: {} }]`, {
    files: {
      'who.mjs': `export default async app => {
        app.addHook("onRequest", async request => { request.claims = { sub: "alice", tenant: "acme" } })
      }`
    }
  })
  const headers = {
    host: 'Shop.Example:81',
    'user-agent': 'curl "8"',
    referer: 'https://a.example/cart?secret=hunter2',
    'x-tenant': 'acme',
    authorization: 'Bearer hunter2',
    'x-pin': 'hunter2'
  }
  await send(url, '/users/7?page=2&token=hunter2&EMAIL=hunter2', { headers })
  const { time, spanId, ...line } = await logged(completed)
  assert.deepEqual(line, {
    level: 'info', msg: 'request completed', method: 'GET', path: '/users/7', route: '/users/:id', status: 200, sub: '[redacted]',
    host: 'shop.example',
    user_agent: 'curl "8"',
    referer: 'https://a.example/cart',
    query: 'page=2&token=[redacted]&EMAIL=[redacted]',
    protocol: 'HTTP/1.1',
    peer: '127.0.0.1',
    'header:x-tenant': 'acme', 'header:authorization': '[redacted]', 'header:x-pin': '[redacted]', 'param:id': '7', tenant: 'acme'
  })
  assert.equal(typeof time, 'number')
  assert.match(String(spanId), /^[0-9a-f]{16}$/)
  assert.doesNotMatch(JSON.stringify(logs), /hunter2/)
})

test('all problems in the fields are reported, with the nearest valid name', async t => {
  const yaml = `
logging: { redact: ["header:", "a..b"] }
accessLog: { fields: { include: [useragent, method, "header:", peer, peer], exclude: [pth],
  rename: { bytesin: a, method: path, status: level } } }
${fixed}`
  await assert.rejects(startGateway(t, yaml), (error: { problems: readonly { pointer: string, message: string, hint?: string }[] }) => {
    assert.deepEqual(error.problems.map(({
      pointer,
      message,
      hint
    }) => `${pointer} ${message}${hint?.startsWith('did') === true ? ` ${hint}` : ''}`).toSorted(), [
      '/accessLog/fields/exclude/0 unknown field "pth" did you mean "path"?',
      '/accessLog/fields/include/0 unknown field "useragent" did you mean "userAgent"?',
      '/accessLog/fields/include/2 "header:" has no name that a header, claim or parameter can have',
      '/accessLog/fields/include/4 field "peer" is listed twice',
      '/accessLog/fields/rename/bytesin unknown field "bytesin" did you mean "bytesIn"?',
      '/accessLog/fields/rename/method another field is called "path" already',
      '/accessLog/fields/rename/status another field is called "level" already',
      '/logging/redact/0 must be header: or query: with a name, got "header:"',
      '/logging/redact/1 must be header:NAME, query:NAME or a path such as user.email or *.password, got "a..b"'
    ])
    return true
  })
})

test('combined lines stand between the JSON lines, in order', async t => {
  const lines: string[] = []
  const logger = createLogger({ level: 'info', format: 'json' }, { write: line => { lines.push(line) } })
  const { url, gateway } = await startGateway(t, `accessLog: { format: combined, fields: { include: [query] } }\n${fixed}`, { logger })
  await send(url, '/users/7?token=hunter2', { headers: { 'user-agent': 'curl/8' } })
  await gateway.close(1000)
  assert.match(
    lines[0]!,
    new RegExp([
      /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\]/, /"GET \/users\/7\?token=\[redacted\] HTTP\/1\.1" 200 -/,
      /"-" "curl\/8"\n$/
    ].map(({ source }) => source).join(' '))
  )
})

test('pretty lines in a log for machines, and JSON lines in a log for eyes', async t => {
  for (const [log, access, fits] of [
    ['json', 'pretty', /^\[[\d:.]+\] INFO: request completed \{.*"path":"\/a"/],
    ['pretty', 'json', /^\{"level":"info".*"path":"\/a"/],
    ['pretty', 'auto', /^\[[\d:.]+\] INFO: request completed/]
  ] as const) {
    const lines: string[] = []
    const logger = createLogger({ level: 'info', format: log }, { write: line => { lines.push(line) } })
    const { url, gateway } = await startGateway(t, `accessLog: { format: ${access} }\n${fixed}`, { logger })
    await send(url, '/a')
    await gateway.close(1000)
    assert.match(lines[0]!, fits)
  }
})

test('a log that was made elsewhere gets the same lines', async t => {
  const lines: string[] = []
  const logger = pino({ base: { service: 'door' } }, { write: line => { lines.push(line) } })
  const { url, gateway } = await startGateway(t, fixed, { logger })
  await send(url, '/users/7')
  await gateway.close(1000)
  const line = JSON.parse(lines[0]!) as Record<string, unknown>
  assert.deepEqual(
    [line['service'], line['level'], line['path'], line['status'], line['msg']],
    ['door', 30, '/users/7', 200, 'request completed']
  )
})

test('sampling keeps every error', async t => {
  const { url, gateway, logs } = await startGateway(
    t,
    'accessLog: { sample: 0, slowerThan: 1h }\nroutes: [{ path: /good, respond: {} }, { path: /bad, respond: { status: 404 } }]'
  )
  for (const path of ['/good', '/bad', '/nowhere', '/good']) await send(url, path)
  await gateway.close(1000)
  assert.deepEqual(logs.filter(completed).map(({ path }) => path), ['/bad', '/nowhere'])
})

test('a file has all lines, whatever the level of the log', async t => {
  const { url, gateway, folder } = await startGateway(
    t,
    `accessLog: { output: access.log, format: pretty }\n${fixed}`,
    { logger: createLogger({ level: 'silent', format: 'json' }) }
  )
  await send(url, '/a')
  await gateway.close(1000)
  assert.match(readFileSync(join(folder, 'access.log'), 'utf8'), /^\[[\d:.]+\] INFO: request completed \{.*"path":"\/a".*\}\n$/)
})

test('what never became a request is logged with the address it came from, and counted', async t => {
  const { url, admin, logged } = await startGateway(t, fixed)
  await exchangeBytes(t, url, 'GET /a HTTP/1.1\r\nhost : a\r\n\r\n')
  const { time, ...line } = await logged(({ msg }) => msg === 'request refused unread')
  assert.deepEqual(line, {
    level: 'info',
    msg: 'request refused unread',
    status: 400,
    code: 'bad-request',
    fault: 'client',
    why: 'HPE_INVALID_HEADER_TOKEN',
    clientIp: '127.0.0.1'
  })
  assert.equal(typeof time, 'number')
  await exchangeBytes(t, url, 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n')
  await logged(({ why }) => why === 'CONNECT')
  const { text } = await send(admin, '/metrics')
  assert.match(text, /^gateway_unread_requests_total\{code="bad-request"\} 1$/m)
  assert.match(text, /^gateway_unread_requests_total\{code="method-not-allowed"\} 1$/m)
})

test('a flood of broken requests is counted one by one, and logged at most ten times a second', async t => {
  const { url, admin, logs } = await startGateway(t, fixed, { clock: { now: () => 1000, wall: () => 1 } })
  for (let index = 0; index < 30; index++) {
    const socket = await open(t, url)
    socket.resume().end('nonsense\r\n\r\n')
    await once(socket, 'close')
  }
  assert.equal(logs.filter(({ msg }) => msg === 'request refused unread').length, 10)
  assert.match((await send(admin, '/metrics')).text, /^gateway_unread_requests_total\{code="bad-request"\} 30$/m)
})

test('S2-138 the level changes while the gateway runs, until the next reload', async t => {
  const {
    url,
    admin,
    gateway,
    logs,
    logged
  } = await startGateway(t, `policies: { talk: { plugin: ./talk.mjs } }\nroutes: [{ path: /*, policies: [talk], respond: {} }]`, {
    files: {
      'talk.mjs': `export default async app => {
        const log = app.log.child({ plugin: "talk" })
        app.addHook("onRequest", async request => { log.debug("of the plugin"); request.log.debug("of the request") })
      }`
    }
  })
  const level = async (): Promise<string> => (JSON.parse((await send(admin, '/log-level')).text) as { level: string }).level
  assert.equal(await level(), 'info')
  await send(url, '/quiet')
  assert.equal((await send(admin, '/log-level?level=debug', { method: 'PUT' })).status, 200)
  await send(url, '/loud')
  await logged(({ msg, level }) => msg === 'of the plugin' && level === 'debug')
  await logged(({ msg, level }) => msg === 'of the request' && level === 'debug')
  assert.equal(logs.filter(({ msg }) => msg === 'of the request').length, 1)
  assert.deepEqual(logs.filter(({ msg }) => msg === 'log level changed').map(({ from, to }) => [from, to]), [['info', 'debug']])
  assert.equal((await send(admin, '/log-level?level=loud', { method: 'PUT' })).status, 400)
  assert.equal(await level(), 'debug')
  assert.ok((await gateway.reload('test')).ok)
  assert.equal(await level(), 'info')
})

test('what `logging.redact` names is taken out of what plugins log, of the lines of requests too, and changes with a reload', async t => {
  const yaml = (redact: string): string => `logging: { redact: [${redact}] }
policies: { talk: { plugin: ./talk.mjs } }
routes: [{ path: /*, policies: [talk], respond: {} }]`
  const door = await startGateway(t, yaml('"header:x-pin", "user.email", "*.password"'), {
    files: {
      'talk.mjs': `export default async app => { app.addHook("onRequest", async request => {
        const user = { email: "hunter2", name: "alice" }
        request.log.info({ req: request, user, form: { password: "hunter2" }, headers: request.headers }, "talk")
        request.log.child({ user: { email: "hunter2" } }).info("child")
        app.log.info({ user: { email: "hunter2" } }, "app")
      }) }`
    }
  })
  await send(door.url, '/a?token=hunter2', { headers: { 'x-pin': 'hunter2', cookie: 'hunter2' } })
  await door.logged(completed)
  const line = await door.logged(({ msg }) => msg === 'talk')
  assert.deepEqual([line['user'], line['req']], [{ email: '[redacted]', name: 'alice' }, { method: 'GET', path: '/a' }])
  await door.logged(({ msg }) => msg === 'child')
  assert.doesNotMatch(JSON.stringify(door.logs), /hunter2/)
  door.write(yaml('"user.name"'))
  assert.ok((await door.gateway.reload('test')).ok)
  await send(door.url, '/b')
  assert.deepEqual(
    (await door.logged(({ msg, user }) => msg === 'talk' && (user as { name: string }).name === '[redacted]'))['user'],
    { email: 'hunter2', name: '[redacted]' }
  )
})
