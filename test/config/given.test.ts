/** A configuration that a program gives: YAML text, or an object that is read like a file with the same content. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import fc from 'fast-check'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { readDocument } from '../../src/config/read/document.ts'
import { rootPlugins } from '../../src/gateway/app.ts'

const respond = { path: '/', respond: {} }

/** What is wrong with a configuration, as a program sees it. */
async function problemsOf (content: string | object, folder = '.', env: Record<string, string> = {}): Promise<string[]> {
  const error = await loadConfig({ content, folder }, { env, rootPlugins }).then(() => undefined, (refused: unknown) => refused)
  assert.ok(error instanceof ConfigRefused, 'it must be refused')
  return error.message.split('\n')
}

test('problems of an object have a JSON pointer as their place, and all are told at once', async () => {
  assert.deepEqual(await problemsOf({ routes: [{ path: '/', respnd: {} }, { path: 3 }], server: { port: '${PORT}' } }), [
    '/server/port  the variable PORT is not set — set it, or write a default: ${PORT:-…}',
    '/routes/0/respnd  unknown key "respnd" — did you mean "respond"?',
    '/routes/1/path  expected text, got 3 — put it in quotes: "3"',
    '/routes/1  nothing serves this route — give it one of upstream, target, split, respond, redirect'
  ])
})

test('problems of a text have a line and a column, and say that no file has it', async () => {
  const [problem] = await problemsOf('routes:\n  - path: /\n    respnd: {}', '/somewhere')
  assert.equal(problem, '/somewhere/<config>:3:5  unknown key "respnd" — did you mean "respond"?')
  assert.match((await problemsOf(''))[0]!, /the configuration is empty/)
})

test('what no file can contain is a problem with a place', async () => {
  const around: Record<string, unknown> = { routes: [respond] }
  around['server'] = { name: around }
  assert.deepEqual(await problemsOf(around), ['/server/name  contains itself'])
  const kinds = { function: () => {}, date: new Date(0), map: new Map(), big: 1n, symbol: Symbol('x') }
  assert.deepEqual((await problemsOf({ routes: [respond], 'x-a': kinds })).map(line => line.replace(/expected .*, got/, 'got')), [
    '/x-a/function  got a function',
    '/x-a/date  got an instance of Date',
    '/x-a/map  got an instance of Map',
    '/x-a/big  got a bigint',
    '/x-a/symbol  got a symbol'
  ])
  assert.match((await problemsOf(JSON.parse('{"routes": [], "__proto__": {}}') as object))[0]!, /the key "__proto__" is not allowed/)
  assert.match((await problemsOf([]))[0]!, /must be a mapping of keys/)
})

test('variables, secret files and includes work, relative to the folder', async t => {
  const folder = inFolder(t, { 'secret.txt': 's3cret-value', 'more.yaml': 'routes: [{ path: /more, respond: {} }]' })
  const content = {
    include: 'more.yaml',
    server: { port: '${PORT}', name: undefined },
    routes: [{ path: '/', respond: { text: '${file:secret.txt}' } }]
  }
  const { config, document, redactor } = await loadConfig({ content, folder }, { env: { PORT: '8123' }, rootPlugins })
  assert.equal(config.server.port, 8123)
  assert.deepEqual(config.routes.map(({ path }) => path), ['/', '/more'])
  assert.equal(redactor.text('a s3cret-value here'), 'a [redacted] here')
  assert.deepEqual([...document.files.keys()], [join(folder, 'more.yaml'), join(folder, 'secret.txt')])
  assert.equal(content.server.port, '${PORT}', 'the object of the program is not changed')
})

test('a key that is in the object and in an included file is told about without a place in the object', async t => {
  const folder = inFolder(t, { 'more.yaml': 'upstreams: { a: { targets: [http://b] } }' })
  const upstreams = { a: { targets: ['http://a'] } }
  const [problem] = await problemsOf({ include: 'more.yaml', upstreams, routes: [respond] }, folder)
  assert.match(problem!, /"upstreams.a" is in two files — it is already in the given configuration/)
})

test('any plain value is read as it is', () => {
  const plain = fc.dictionary(fc.string().filter(key => !['__proto__', 'constructor', 'prototype', 'include'].includes(key)),
    fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 })
  fc.assert(fc.property(plain, value => {
    const text = JSON.stringify(value)
    fc.pre(!/\$|__proto__|constructor|prototype|"x-/.test(text))
    const { document, problems } = readDocument({ content: JSON.parse(text) as object, folder: '.' }, { env: {} })
    assert.deepEqual([document!.value, problems], [JSON.parse(text), []])
  }), { numRuns: 50 })
})

function inFolder (t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
