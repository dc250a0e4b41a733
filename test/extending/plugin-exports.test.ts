/** A malformed export of a plugin is one clear problem with plugin, key and what was expected, never an error of JavaScript. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startProject } from './project.ts'

const yaml = `
policies: { mine: { plugin: ./mine.ts } }
routes: [{ path: /, respond: { text: ok }, policies: [mine] }]
`

/** The problems of a plugin whose export `config` is `text`. */
async function problemsOf (t: TestContext, text: string, more = ''): Promise<string[]> {
  const source = `import { Type } from 'onedoor'\nexport const config = ${text}\n${more}\nexport default async function mine () {}\n`
  try {
    await startProject(t, yaml, { 'mine.ts': source })
    return []
  } catch (error) {
    assert.equal((error as Error).constructor.name, 'ConfigRefused', String((error as Error).stack))
    const lines = (error as Error).message.split('\n').filter(line => line.includes('gateway.yaml:'))
    return lines.map(line => line.replace(/^.*?gateway\.yaml:/, ''))
  }
}

const kinds = {
  'null': 'null',
  'a number': '5',
  'a text': "'needed'",
  'a list': "['x']",
  'a list of numbers': '[5]',
  'a mapping': '{ a: 1 }',
  'a function': '() => 5',
  'true': 'true',
  'a schema': 'Type.String()',
  'a schema of a mapping': 'Type.Object({ a: Type.String() })',
  'a mapping of schemas': '{ mine: Type.Optional(Type.String()) }',
  'an invalid schema': "Type.Object({ a: { type: 'strng' } })",
  'an invalid regular expression': "Type.Object({ a: Type.String({ pattern: '(' }) })"
} as const

type Kind = keyof typeof kinds

const rightKinds: Readonly<Record<string, readonly Kind[]>> = {
  options: ['a schema of a mapping'],
  root: ['a mapping of schemas'],
  server: ['a mapping of schemas'],
  upstream: ['a mapping of schemas'],
  target: ['a mapping of schemas'],
  route: ['a mapping of schemas'],
  answers: ['a list'],
  finds: ['a list'],
  sets: [],
  uses: [],
  authenticates: ['a function'],
  claims: [],
  answersPreflight: ['true'],
  check: ['a function'],
  checkOptions: ['a function']
}

for (const [key, right] of Object.entries(rightKinds)) {
  test(`config.${key} of every other kind is refused, with plugin, key, what was expected and what came`, async t => {
    for (const [kind, text] of Object.entries(kinds) as [Kind, string][]) {
      if (right.includes(kind)) continue
      const problems = await problemsOf(t, `{ ${key}: ${text} }`)
      assert.equal(problems.length, 1, `${kind}: ${problems.join('\n')}`)
      const wanted = new RegExp(`^5:31? .*plugin "\\./mine\\.ts": "config\\.${key}" (?:must|has|is|threw|returned)`)
      assert.match(problems[0]!.replace(/^\d+:\d+/, '5:3'), wanted, kind)
      assert.doesNotMatch(problems[0]!, /got undefined|\[object|cannot read/i)
    }
  })
}

test('the export itself of every other kind is refused', async t => {
  for (const [text, came] of [
    ['null', 'null'], ['5', '5'], ["'text'", '"text"'], ['[]', 'a list'], ['() => ({})', 'a function']
  ] as const) {
    const [problem, ...others] = await problemsOf(t, text)
    assert.deepEqual(others, [])
    assert.ok(problem!.includes(`plugin "./mine.ts": the export "config" must be a mapping, got ${came} — `), problem)
  }
})

test('a key that does not exist is refused with the nearest one that does', async t => {
  for (const [key, near] of [['opitons', 'options'], ['set', 'sets'], ['claim', 'claims'], ['Routes', 'route']] as const) {
    const [problem] = await problemsOf(t, `{ ${key}: 1 }`)
    assert.ok(problem!.endsWith(`the export "config" has the unknown key "${key}" — did you mean "${near}"?`), problem)
  }
  assert.match((await problemsOf(t, '{ zzzzzzzz: 1 }')).join('\n'), /its keys are options, root, /)
})

test('a value in the place of a function is refused with the function that was meant', async t => {
  for (const [text, problem] of [
    ["{ claims: 'needed' }", '"config.claims" must be a function, got "needed" — write claims: () => \'needed\''],
    ["{ sets: ['x-user'] }", '"config.sets" must be a function, got a list — write sets: () => [\'x-user\']']
  ] as const) assert.ok((await problemsOf(t, text))[0]!.endsWith(problem))
})

test('a function that throws, or returns an unusable value, is rejected', async t => {
  const authenticator = "export const authenticator = () => () => ({ admitted: true, why: '' })"
  for (const [text, problem] of [
    ["{ options: Type.Object({}), sets: () => 'x-user' }", /"config\.sets" must return a list of names, returned "x-user"/],
    ['{ options: Type.Object({}), sets: () => [5] }', /"config\.sets" must return a list of names, returned a list/],
    ['{ sets: () => undefined }', /"config\.sets" must return a list of names, returned undefined/],
    ["{ claims: () => 'neded' }", /"config\.claims" must return 'needed', 'used' or undefined, returned "neded"/],
    ["{ uses: () => ['other'] }", /"config\.uses" must return a list of \{ pointer, name \}, returned a list/],
    ["{ authenticates: () => 'yes' }", /"config\.authenticates" must return true or false, returned "yes"/],
    ['{ check: config => config.nothing.here }', /"config\.check" threw TypeError: Cannot read/],
    ['{ * check () { yield; throw new Error("later") } }', /"config\.check" threw Error: later/],
    ['{ options: Type.Object({}), checkOptions () { throw new Error("no") } }', /"config\.checkOptions" threw Error: no/]
  ] as const) {
    const problems = await problemsOf(t, text, authenticator)
    assert.equal(problems.length, 1, text)
    assert.match(problems[0]!, problem)
    assert.match(problems[0]!, /^\d+:\d+ .*plugin "\.\/mine\.ts": /)
  }
})

test('an authenticator that is no function is refused; all problems of a plugin are told at once', async t => {
  const problems = await problemsOf(t, '{ opitons: 1, answers: 5 }', 'export const authenticator = 5')
  assert.deepEqual(problems.map(problem => /(authenticator|opitons|answers)/.exec(problem)![1]), ['authenticator', 'opitons', 'answers'])
})

test('a key that the gateway or another plugin has is refused, and stays what it was', async t => {
  for (const [part, key, owner] of [
    ['root', 'routes', 'the gateway has'], ['server', 'port', 'the gateway has'], ['upstream', 'targets', 'the gateway has'],
    ['target', 'url', 'the gateway has'], ['route', 'path', 'the gateway has'], ['route', 'respond', 'the gateway has'],
    ['root', 'tracing', 'the gateway has'], ['route', 'mine', 'plugin "./one.ts" declares']
  ] as const) {
    const code = (name: string): string => `import { Type } from 'onedoor'
export const config = { ${part}: { '${name}': Type.Optional(Type.Boolean()) } }
export default async function it () {}`
    const started = startProject(t, `plugins: [./one.ts, ./two.ts]\nroutes: [{ path: /, respond: { text: ok } }]`, {
      'one.ts': code('mine'),
      'two.ts': code(key)
    })
    await assert.rejects(started, ({ message }: Error) => {
      assert.match(message, /^\S+gateway\.yaml:3:21 /)
      assert.ok(message.endsWith(`plugin "./two.ts": "config.${part}" declares the key "${key}", which ${owner} already`), message)
      return true
    })
  }
})
