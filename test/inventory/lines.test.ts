/** No line of code, YAML or prose is too long to read. */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const cwd = fileURLToPath(new URL('../..', import.meta.url))
const folders = '{bench,bin,deploy,docs,examples,mocks,plugins,src,test}'
const client = 'plugins/core/console/client'
const patterns = [`${folders}/**/*.{ts,mjs,md,yaml,yml}`, `${client}/**/*.js`, '*.{md,yaml,yml}']
const longest = 140

test(`no line is over ${longest} columns`, () => {
  const files = globSync(patterns, { cwd, exclude: name => name.includes('node_modules') })
  assert.ok(files.length > 1000)
  const tooLong = files.toSorted().flatMap(file => readFileSync(`${cwd}/${file}`, 'utf8').split('\n')
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    // A row of a Markdown table cannot be broken.
    .filter(({ line }) => line.length > longest && !(file.endsWith('.md') && line.startsWith('|')))
    .map(({ place }) => place))
  assert.deepEqual(tooLong, [])
})
