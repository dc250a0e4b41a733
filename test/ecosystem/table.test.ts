/** docs/reference/ecosystem.md and the tests beside this file say the same. */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Rows of the page: name, version and verdict. */
const shown = [...read('docs/reference/ecosystem.md').matchAll(/^\| `(@fastify\/[a-z-]+)` ([\d.]+) \| ([^|]+) \| [^|]{20,} \|$/gm)]

test('every row has a test of its name that proves its verdict, and every test a row', () => {
  const proved = globSync('test/ecosystem/*.test.ts', { cwd: root })
    .flatMap(file => [...read(file).matchAll(/^row\('([^']+)', '([^']+)',/gm)])
  assert.equal(proved.length, 18)
  const sorted = (rows: string[][]): string[][] => rows.toSorted(([a], [b]) => a! < b! ? -1 : 1)
  assert.deepEqual(
    sorted(shown.map(([, name, , verdict]) => [name!, verdict!])),
    sorted(proved.map(([, name, verdict]) => [name!, verdict!]))
  )
})

test('every row names the version that is tested', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  assert.deepEqual(shown.map(([, name, version]) => [name, version]), shown.map(([, name]) => [name, devDependencies[name!]]))
})
