/** Code of plugins that changes while the gateway runs. */

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { TestGateway } from '../helpers/gateway.ts'
import { startProject } from './project.ts'

const yaml = `
policies: { one: { plugin: ./one.ts }, two: { plugin: ./two.ts } }
routes:
  - { path: /one, respond: {}, policies: [one] }
  - { path: /two, respond: {}, policies: [two] }
`

/** A policy that adds the field `x-said`, with the text of a module beside it. */
const policy = (expression: string, imports = "import { text } from './lib/text.ts'"): string => `
import type { FastifyInstance } from 'onedoor'
${imports}
export default async function said (app: FastifyInstance): Promise<void> {
  const seen = app.gateway.state({ kind: 'said', key: 'seen', cells: 1 })
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-said', ${expression}).header('x-seen', String(++seen[0]!))
    done()
  })
}
`
const files = {
  'one.ts': policy('`one ${text}`'),
  'two.ts': policy('`two ${loads}`', "import { loads } from './lib/loads.ts'"),
  'lib/text.ts': "import { word } from './word.ts'\nexport const text = `says ${word}`\n",
  'lib/word.ts': "export const word = 'a'\n",
  'lib/loads.ts': "export const loads = String(performance.now())\n"
}

interface Project extends TestGateway {
  readonly say: (path?: string) => Promise<string | null>
  readonly edit: (name: string, text: string) => void
  readonly reload: () => Promise<readonly string[]>
}

async function open (t: TestContext, changed: Readonly<Record<string, string>> = {}, watch = false): Promise<Project> {
  const project = await startProject(t, yaml, { ...files, ...changed }, { watch })
  const folder = dirname(project.file)
  return {
    ...project,
    say: async (path = '/one') => (await fetch(`${project.url}${path}`)).headers.get('x-said'),
    edit: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    },
    reload: async () => (await project.gateway.reload('test')).problems
  }
}

test('a plugin that has changed is loaded anew at the next reload, and its state is kept', async t => {
  const { say, edit, reload, url } = await open(t)
  assert.equal(await say(), 'one says a')
  edit('one.ts', policy('`uno ${text}`'))
  assert.equal(await say(), 'one says a')
  assert.deepEqual(await reload(), [])
  const response = await fetch(`${url}/one`)
  assert.deepEqual([response.headers.get('x-said'), response.headers.get('x-seen')], ['uno says a', '3'])
})

test('so is one that imports what has changed, directly or not; code that has not changed is not loaded again', async t => {
  const { say, edit, reload } = await open(t)
  const [, two] = [await say(), await say('/two')]
  edit('lib/word.ts', "export const word = 'b'\n")
  assert.deepEqual(await reload(), [])
  assert.deepEqual([await say(), await say('/two')], ['one says b', two])
  edit('lib/loads.ts', "export const loads = 'new'\n")
  assert.deepEqual(await reload(), [])
  assert.deepEqual([await say(), await say('/two')], ['one says b', 'two new'])
})

test('a module that two plugins share is one, also after it has changed', async t => {
  const counting = policy('String(next())', "import { next } from './lib/count.ts'")
  const count = 'let count = 0\nexport const next = (): number => ++count\n'
  const { say, edit, reload } = await open(t, { 'one.ts': counting, 'two.ts': counting, 'lib/count.ts': count })
  assert.deepEqual([await say('/one'), await say('/two')], ['1', '2'])
  edit('lib/count.ts', count.replace('= 0', '= 10'))
  assert.deepEqual(await reload(), [])
  assert.deepEqual([await say('/one'), await say('/two')], ['11', '12'])
})

for (const [what, name, broken] of [
  ['that cannot be parsed', 'one.ts', 'export default function {'],
  ['that throws', 'one.ts', "throw new Error('no')"],
  ['with a wrong export', 'one.ts', 'export default 5'],
  ['that imports what is broken', 'lib/word.ts', 'export const word ='],
  ['that imports what is not there', 'one.ts', policy('text', "import { text } from './lib/missing.ts'")]
] as const) {
  test(`a plugin ${what} is refused, and works when it is mended`, async t => {
    const { say, edit, reload } = await open(t)
    assert.equal(await say(), 'one says a')
    edit(name, broken)
    assert.equal((await reload()).length, 1)
    assert.equal((await reload()).length, 1)
    assert.equal(await say(), 'one says a')
    if (broken.includes('missing')) edit('lib/missing.ts', "export const text = 'is there'\n")
    else edit(name, files[name])
    assert.deepEqual(await reload(), [])
    assert.equal(await say(), broken.includes('missing') ? 'is there' : 'one says a')
  })
}

test('CommonJS is loaded anew too, with what it requires', async t => {
  const { say, edit, reload, write } = await open(t, {
    'old.cjs': "const { word } = require('./word.cjs')\n" +
      "module.exports = async app => { app.addHook('onRequest', async (_request, reply) => { reply.header('x-said', word) }) }\n",
    'word.cjs': "exports.word = 'a'\n"
  })
  write(yaml.replace('./one.ts', './old.cjs'))
  assert.deepEqual(await reload(), [])
  assert.equal(await say(), 'a')
  edit('word.cjs', "exports.word = 'b'\n")
  assert.deepEqual(await reload(), [])
  assert.equal(await say(), 'b')
})

test('the gateway reloads when the code of a plugin is saved, is broken, and is mended, and loses no request', async t => {
  const { say, edit, gateway } = await open(t, {}, true)
  const until = async (wanted: string): Promise<void> => { while (await say() !== wanted) await new Promise(setImmediate) }
  await until('one says a')
  edit('lib/word.ts', "export const word = 'b'\n")
  await until('one says b')
  const { refused } = gateway.reloads
  edit('lib/word.ts', 'export const word =')
  while (gateway.reloads.refused === refused) assert.equal(await say(), 'one says b')
  edit('lib/word.ts', "export const word = 'c'\n")
  await until('one says c')
})

test('the code of a package is loaded once: a change is a warning until the gateway is restarted', async t => {
  const packaged = (word: string): string => `export default async function said (app) {
    app.addHook('onRequest', async (_request, reply) => { reply.header('x-said', '${word}') })
  }
`
  const { say, edit, reload, write, gateway } = await open(t, {
    'node_modules/theirs/package.json': '{ "name": "theirs", "type": "module", "main": "main.js" }',
    'node_modules/theirs/main.js': packaged('a')
  })
  write(yaml.replace('./one.ts', 'theirs'))
  assert.deepEqual(await reload(), [])
  assert.equal(await say(), 'a')
  edit('node_modules/theirs/main.js', packaged('b'))
  assert.deepEqual(await reload(), [])
  assert.equal(await say(), 'a')
  assert.match(gateway.warnings.join(), /the package "theirs" has changed/)
})
