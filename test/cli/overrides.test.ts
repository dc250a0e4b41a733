/** Values for one run: --port, --log-level and --set. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf } from '../../src/config/read/overrides.ts'
import { readDocument } from '../../src/config/read/document.ts'
import { folder } from '../config/folder.ts'
import { startGateway } from '../helpers/gateway.ts'
import { send } from '../helpers/client.ts'
import { join } from 'node:path'
import { commandLine } from './captured.ts'

const yaml = `server: { port: "\${PORT:-8080}" }
x-common: &common { targets: [http://127.0.0.1:1], retry: { attempts: 2 } }
upstreams: { a: *common, b: *common }
routes:
  - { path: /a, upstream: a }
  - { path: /b, upstream: b }
`

/** What a file reads as with \`--set\` arguments. */
function read (path: string, ...set: readonly string[]) {
  const overrides = set.map(text => {
    const equals = text.indexOf('=')
    return { text, path: pathOf(text, 0, equals), valueAt: equals + 1 }
  })
  const { document, problems } = readDocument(path, { env: { LEVEL: 'debug' }, overrides })
  return { value: document?.value as Record<string, unknown>, problems }
}

test('a value replaces that of the file, creates what is missing, and is YAML', t => {
  const file = join(folder(t, { 'gateway.yaml': yaml }), 'gateway.yaml')
  const plain = read(file).value
  const cases: [string, Record<string, unknown>][] = [
    ['server.port=9', { server: { port: 9 } }],
    ['server.port="9"', { server: { port: '9' } }],
    ['server.timeouts.body=5s', { server: { port: '8080', timeouts: { body: '5s' } } }],
    ['logging.level=${LEVEL}', { logging: { level: 'debug' } }],
    ['logging.level=', { logging: { level: null } }],
    ['routes=[]', { routes: [] }],
    ['routes.1.path=/c', { routes: [{ path: '/a', upstream: 'a' }, { path: '/c', upstream: 'b' }] }],
    ['routes.2={ path: /c, upstream: a }', { routes: [...plain['routes'] as object[], { path: '/c', upstream: 'a' }] }],
    ['x\\.y=1', { 'x.y': 1 }]
  ]
  for (const [argument, changed] of cases) {
    assert.deepEqual(read(file, argument), { value: { ...plain, ...changed }, problems: [] }, argument)
  }
  const twice = read(file, 'server.port=1', 'server.port=2', 'server.host=a')
  assert.deepEqual(twice.value['server'], { port: 2, host: 'a' })
})

test('what an anchor shares changes at one place only', t => {
  const file = join(folder(t, { 'gateway.yaml': yaml }), 'gateway.yaml')
  const { value: { upstreams } } = read(file, 'upstreams.a.retry.attempts=5')
  assert.deepEqual(upstreams, {
    a: { targets: ['http://127.0.0.1:1'], retry: { attempts: 5 } },
    b: { targets: ['http://127.0.0.1:1'], retry: { attempts: 2 } }
  })
})

const problems: [string[], string, string][] = [
  [['--port', 'abc'], '1:8  expected a whole number from 0 to 65535, got "abc"', '--port abc'],
  [['--log-level', 'loud'], '1:13  expected one of trace, debug', '--log-level loud'],
  [['--set', 'server.prot=1'], '1:14  unknown key "prot" — did you mean "port"?', '--set server.prot=1'],
  [['--port', '0', '--set', 'upstreams.a.retry.attempts=0'], '2:34  expected a whole number from 1', '--set upstreams.a.retry.attempts=0'],
  [['--set', 'routes.7.path=/x'], '1:14  expected the number of an item, from 0 to 2, got "7"', '--set routes.7.path=/x'],
  [['--set', 'server.port.x=1'], '1:19  "port" has no keys', '--set server.port.x=1'],
  [['--set', 'server..x=1'], '1:14  a key is missing', '--set server..x=1'],
  [['--set', 'server.__proto__=1'], '1:14  the key "__proto__" is not allowed', '--set server.__proto__=1'],
  [['--set', 'server.limits={ url: 1'], '1:29  the list or mapping is not closed', '--set server.limits={ url: 1'],
  [['--set', 'server.port=${NOPE}'], '1:19  the variable NOPE is not set', '--set server.port=${NOPE}'],
  [['--set', 'include=other.yaml'], '1:7  files are included by a file only', '--set include=other.yaml']
]

test('a problem with an argument shows the argument, with a caret', async t => {
  const { onedoor } = commandLine(t, { files: { 'gateway.yaml': yaml } })
  for (const [argv, message, line] of problems) {
    const { status, stderr } = await onedoor('check', ...argv)
    assert.equal(status, 1, stderr)
    const [first, second, caret] = stderr.split('\n')
    assert.ok(first!.startsWith(`<arguments>:${message}`), stderr)
    assert.equal(second!.replace(/^ *\d+ \| /, ''), line)
    const column = Number(/:(\d+) /.exec(first!)![1])
    assert.equal(caret!.indexOf('^') - caret!.indexOf('|') - 1, column, stderr)
  }
  assert.equal((await onedoor('check', '--port', '0', '--set', 'admin.enabled=false')).status, 0)
  for (const argument of ['server.port', 'server.host=a\nb']) assert.equal((await onedoor('check', '--set', argument)).status, 2)
})

test('reloads keep the values', async t => {
  const text = 'routes.0.respond.status=203'
  const overrides = [{ text, path: pathOf(text, 0, text.indexOf('=')), valueAt: text.indexOf('=') + 1 }]
  const gateway = await startGateway(t, 'routes: [{ path: /, respond: {} }]', { overrides })
  assert.equal((await send(gateway.url, '/')).status, 203)
  gateway.write('routes: [{ path: /, respond: { status: 201, text: new } }]')
  const reloaded = await fetch(`${gateway.admin}/reload`, { method: 'POST' })
  assert.deepEqual(await reloaded.json(), { ok: true, problems: [] })
  const { status, text: body } = await send(gateway.url, '/')
  assert.deepEqual([status, body], [203, 'new'])
})
