/** A plugin whose code cannot be loaded is a problem with file, line and caret in that code. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { formatProblem } from '../../src/config/check/problem.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { placeAbove } from '../../src/gateway/error-place.ts'
import { startProject } from './project.ts'

const broken = 'export default async function it (app) {\n  const a = ;\n}\n'

async function problemOf (t: TestContext, plugin: string, files: Readonly<Record<string, string>>): Promise<string> {
  const yaml = `policies: { mine: { plugin: ./${plugin} } }\nroutes: [{ path: /, respond: { text: ok }, policies: [mine] }]`
  const refused = await startProject(t, yaml, files).catch((error: unknown) => error)
  assert.ok(refused instanceof ConfigRefused)
  assert.equal(refused.problems.length, 1)
  return formatProblem(refused.problems[0]!, refused.source)
}

const cases = {
  'a module': ['mine.mjs', { 'mine.mjs': broken }, 'mine.mjs:2:13', "Unexpected token ';'", 1],
  'TypeScript': ['mine.ts', { 'mine.ts': broken }, 'mine.ts:2:13', 'Expression expected', 1],
  'an enum': [
    'mine.ts', { 'mine.ts': 'enum A { B }\nexport default async () => {}\n' }, 'mine.ts:1:1', 'TypeScript enum is not supported', 12
  ],
  'CommonJS': ['mine.cjs', { 'mine.cjs': broken.replace('export default', 'module.exports =') }, 'mine.cjs:2:13', 'Unexpected', 1],
  'a module that it imports': [
    'mine.mjs', { 'mine.mjs': "import './lib/part.mjs'\nexport default async () => {}\n", 'lib/part.mjs': broken }, 'lib/part.mjs:2:13',
    'Unexpected token', 1
  ],
  'an export that is not there': [
    'mine.mjs', { 'mine.mjs': "import { gone } from './part.mjs'\nexport default gone\n", 'part.mjs': 'export const here = 1' },
    'mine.mjs:1:10', 'does not provide an export', 4
  ],
  'code that throws while it is loaded': [
    'mine.ts', { 'mine.ts': 'const a = 1\nnope(a)\nexport default async () => {}\n' }, 'mine.ts:2:1', 'nope is not defined', 1
  ]
} as const

for (const [what, [plugin, files, place, message, caret]] of Object.entries(cases)) {
  test(`${what}: the place is in the code`, async t => {
    const [first, , last] = (await problemOf(t, plugin, files)).split('\n')
    assert.ok(first!.includes(`${place}  plugin "./${plugin}" could not be loaded: `), first)
    assert.ok(first!.includes(message), first)
    assert.equal(last!.replace(/^ +\| /, ''), ' '.repeat(Number(place.split(':')[2]) - 1) + '^'.repeat(caret))
  })
}

test('a file that is not there keeps the place in the configuration', async t => {
  assert.match(await problemOf(t, 'gone.ts', {}), /gateway\.yaml:\d+:\d+ {2}plugin "\.\/gone\.ts" could not be loaded/)
})

test('a text without a caret has no place', () => {
  for (const text of ['', 'SyntaxError: no', '/a.ts:3\nconst a', '/a.ts\n  ^']) assert.equal(placeAbove(text), undefined)
})
