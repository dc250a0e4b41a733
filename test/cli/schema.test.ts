import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { generatedFiles } from '../../src/cli/generated-files.ts'
import { firstConfiguration } from '../../src/cli/first-files.ts'
import { builtIn } from '../../src/cli/schema.ts'
import { units } from '../../src/config/schema/units.ts'
import { commandLine } from './captured.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const schema = await builtIn()
const fits = new Ajv({ strict: true, strictRequired: false }).compile(schema)
const generated = await generatedFiles()
const route = { path: '/a', respond: {} }

suite('the schema for editors', () => {
  for (const [what, text] of [
    ['the gateway.yaml that comes with it', readFileSync(`${root}gateway.yaml`, 'utf8')],
    ['the gateway.yaml of onedoor init', firstConfiguration]
  ] as const) {
    test(`accepts ${what}`, () => {
      assert.ok(fits(load(text)), JSON.stringify(fits.errors))
    })
  }

  for (const [what, value] of [
    [
      'keys of the user\'s own',
      {
        'x-mine': 1,
        routes: [{ ...route, 'x-note': 'y' }],
        upstreams: { 'x-defaults': {}, a: { targets: ['http://a'], 'x-y': 1, timeouts: { 'x-z': 1 } } }
      }
    ],
    [
      'variables where numbers, words and URLs stand',
      {
        server: { port: '${PORT:-1}', trailingSlash: '${SLASH}', shutdown: { delay: '${DELAY}' } },
        upstreams: { a: { targets: ['${A}', { url: '${B}', weight: '${W}' }] } },
        routes: [route]
      }
    ],
    ['files that are included', { include: ['routes/*.yaml'] }],
    [
      'a plugin of the user\'s with any options',
      { policies: { mine: { plugin: './mine.ts', anything: 1 } }, plugins: ['./gate.ts', { plugin: './b.ts' }], routes: [route] }
    ]
  ] as const) {
    test(`accepts ${what}`, () => {
      assert.ok(fits(value), JSON.stringify(fits.errors))
    })
  }

  for (const [what, value] of [
    ['an unknown key', { routes: [{ ...route, upstrem: 'x' }] }],
    ['a bare number for a duration', { server: { shutdown: { delay: 5 } }, routes: [route] }],
    ['text that is no duration', { server: { shutdown: { delay: '5 seconds' } }, routes: [route] }],
    ['a word that is not among those', { logging: { level: 'loud' }, routes: [route] }],
    ['an unknown option of a built-in policy', { policies: { a: { plugin: 'rate-limiting', limit: '5/s', brust: 1 } }, routes: [route] }],
    ['a built-in policy without what it needs', { policies: { a: { plugin: 'rate-limiting' } }, routes: [route] }],
    ['a policy without a plugin', { policies: { a: { limit: '5/s' } }, routes: [route] }],
    ['an upstream without targets', { upstreams: { a: {} }, routes: [route] }]
  ] as const) {
    test(`marks ${what}`, () => {
      assert.equal(fits(value), false)
    })
  }

  test('takes the same texts for durations, sizes and rates as the gateway does', () => {
    const texts = [
      '', '5', '5s', '250ms', '1m30s', '2h', '1d', '0.5s', '5 s', '30s1m', 's', '-5s', '1.s', '512b', '64kb', '64KiB',
      '1.5mb', '1kbb', 'mb', '5/s', '100/m', '1/10s', '1/1m30s', '5/', '/s', '5/x', '5/ms', '5/d', '5/1', '1/s2'
    ]
    const patternOf = (unit: keyof typeof units): RegExp => new RegExp(findPattern(schema, units[unit].examples[0])!, 'u')
    for (const unit of ['duration', 'size', 'rate'] as const) {
      const pattern = patternOf(unit)
      assert.deepEqual(texts.filter(text => pattern.test(text)), texts.filter(text => units[unit].parse(text) !== undefined), unit)
    }
  })

  test('with -c describes the options of the user\'s own plugins too', async t => {
    const files = {
      'gateway.yaml': 'policies: { mine: { plugin: ./mine.mjs, size: 1 } }\nroutes: [{ path: /a, respond: {}, policies: [mine] }]\n',
      'mine.mjs': `export const config = {
  options: { type: "object", properties: { size: { type: "integer" } }, additionalProperties: false }
}
export default async function () {}`
    }
    const { stdout } = await commandLine(t, { files }).onedoor('schema', '-c', 'gateway.yaml')
    const own = new Ajv({ strict: true, strictRequired: false }).compile(JSON.parse(stdout) as object)
    assert.equal(own({ policies: { a: { plugin: './mine.mjs', size: 2 } }, routes: [route] }), true)
    assert.equal(own({ policies: { a: { plugin: './mine.mjs', size: 'big' } }, routes: [route] }), false)
  })
})

suite('the files that are made from the code', () => {
  for (const [path, content] of generated) {
    test(`${path} is up to date (npm run generate)`, () => {
      assert.equal(readFileSync(root + path, 'utf8'), content)
    })
  }
})

/** The pattern of the first text in a schema that has this example. */
function findPattern (part: unknown, example: string): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined
  const { examples, anyOf } = part as { examples?: readonly unknown[], anyOf?: readonly { pattern?: string }[] }
  if (Array.isArray(examples) && examples[0] === example && anyOf?.[0]?.pattern !== undefined) return anyOf[0].pattern
  for (const inner of Object.values(part)) {
    const found = findPattern(inner, example)
    if (found !== undefined) return found
  }
  return undefined
}
