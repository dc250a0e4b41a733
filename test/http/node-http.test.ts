import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('no file of the gateway imports more than types from node:http, which would load the client for fetch', () => {
  const files = globSync('{src,plugins,mocks}/**/*.ts', { cwd: root, exclude: ['src/testing/**'] })
  const importing = files.filter(file => /^import (?!type\b).*'node:http'/m.test(readFileSync(root + file, 'utf8')))
  assert.deepEqual(importing, [])
})
