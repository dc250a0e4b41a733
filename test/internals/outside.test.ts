/** What libraries do not document is used in src/internals only, and each fact there says what it is and has a test. */

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const files = globSync(['src/**/*.ts', 'plugins/**/*.ts'], { cwd: root })
const isInternal = (file: string): boolean => file.startsWith('src/internals/')

/** Names that a library keeps to itself, and ways to get at them. */
const names: readonly RegExp[] = [
  /getOwnPropertySymbols/,
  /\bdescription === '\w/,
  /fastify\.context|kRouteContext/,
  /\bObject\.getPrototypeOf\b/,
  /\bobject\.__proto__\b/,
  // Members of Node's streams, sockets and messages.
  /\._(?:handle|writableState|readableState|httpMessage|events|header|headerSent|last|send|storeHeader|parent|server)\b/,
  /\._(?:pendingData|flush|writev?|final)\b/,
  /\b(?:writeQueueSize|destroySoon|shouldKeepAlive|useChunkedEncodingByDefault|kOutHeaders)\b/,
  /[lL]isteners\('connection'\)/,
  /\.emit\('(?:drain|listening|pipe)'/,
  // Documented of TLS servers, which the listener gives its connections; of HTTP servers it keeps the listener itself.
  /(?<!#server)\.emit\('connection'/,
  /\.once?\('(?:pipe|socket)'/,
  /\bdefineProperty\(socket\b/,
  /\.poolSize\b/,
  /\bprocess\.binding\b/,
  /\.write = /,
  // undici
  /\bonResponseStarted\b|\bonHeadersComplete = |\bparser\.on[A-Z]/,
  /'bad (?:upgrade|response)'|HTTPParserError|ERR_ASSERTION/,
  /pipe \(\): /,
  // Ajv, pino, the Prometheus client, js-yaml, Fastify
  /\.RULES\b|schemaEnv/,
  /streamSym|pino\.symbols/,
  /getForPromString|\.(?:registerMetric|getMetricsAsArray|getSingleMetric)\(/,
  /bad indentation of|nesting exceeded/,
  /\baddHook: |\baddHook = /
]

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
const page = oneLine(read('docs/understand/internals.md'))
const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
const libraries: ReadonlySet<string> = new Set(['node', ...Object.keys(dependencies)])

const outline = /^.+? Relies on: (?<relies>.+?) Checked with (?<library>\S+) \d+\.\d+\.\d+\. Without it: (?<without>.+)$/

/** Comments may name them. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, '')

test('outside of src/internals no code uses what a library keeps to itself', () => {
  const found = files.filter(file => !isInternal(file)).flatMap(file => {
    const text = withoutComments(read(file))
    return names.flatMap(name => name.exec(text)?.[0] ?? []).map(name => `${file}: ${name}`)
  })
  assert.deepEqual(found, [])
})

for (const file of files.filter(isInternal)) {
  test(`${file} says what it relies on, in which version, and what happens without it; it has a test and is documented`, () => {
    const comment = oneLine((/^\/\*\*\n([^]*?)\n \*\//.exec(read(file))?.[1] ?? '').replaceAll(/^ \* ?/gm, ''))
    const parts = outline.exec(comment)?.groups
    assert.ok(parts !== undefined, comment)
    const name = basename(file, '.ts')
    assert.ok(existsSync(new URL(`test/internals/${name}.test.ts`, root)))
    assert.ok(libraries.has(parts['library']!), parts['library'])
    const said = [`(../../src/internals/${name}.ts)`, `(../../test/internals/${name}.test.ts)`, parts['relies']!, parts['without']!]
    for (const text of said) assert.ok(page.includes(text), text)
  })
}
