/** The pages name all metrics that the code registers, and no others. */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** All distinct matches of a pattern's first group in some files. */
function found (patterns: string[], pattern: RegExp): Set<string> {
  return new Set(globSync(patterns, { cwd: root }).flatMap(file => [...read(file).matchAll(pattern)].map(([, name]) => name!)))
}

/** In code a name is a whole string; on a page it may stand inside of anything. */
const registered = found(['plugins/**/*.ts', 'src/**/*.ts'], /'(gateway_[a-z_]+)'/g)

test('docs/reference/metrics.md has a line for every metric that the code registers', () => {
  const section = read('docs/reference/metrics.md').split('\n## All metrics\n')[1]!.split('\n## ')[0]!
  const listed = [...section.matchAll(/^- `(gateway_[a-z_]+)[`{]/gm)].map(([, name]) => name!)
  assert.ok(registered.size > 30, `only ${registered.size} names were found in the code`)
  assert.deepEqual(listed.toSorted(), [...registered].toSorted())
})

test('no page names a metric that the code does not register', () => {
  const named = found(['README.md', 'docs/**/*.md', 'examples/**/*.md'], /\b(gateway_[a-z_]*[a-z])\b/g)
  assert.deepEqual([...named].filter(name => !isMetric(name)), [])
})

/** Histograms are read by what is printed of them; `gateway_circuit` may be what is searched for. */
function isMetric (name: string): boolean {
  return [...registered].some(one => one.startsWith(`${name}_`) || one === name) || registered.has(name.replace(
    /_(?:bucket|sum|count)$/,
    ''
  ))
}
