/** Where a plugin is looked for, what counts as one, and what is said of one that cannot be loaded. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { builtInNames, loadPlugin, PluginNotLoaded } from '../../src/gateway/plugin-loading.ts'
import { folder } from '../config/folder.ts'

const plugin = (name: string): string => `export default async function ${name} () {}\n`

test('a plugin is a built-in name, a path from the folder of the configuration, a whole path, or a package there', async t => {
  const at = folder(t, {
    'mine.mjs': plugin('mine'),
    'node_modules/theirs/package.json': '{ "name": "theirs", "main": "main.mjs" }',
    'node_modules/theirs/main.mjs': plugin('theirs')
  })
  const nameOf = async (reference: string): Promise<string> => ((await loadPlugin(reference, at)).default as () => void).name
  assert.deepEqual(await Promise.all(['./mine.mjs', join(at, 'mine.mjs'), 'theirs'].map(nameOf)), ['mine', 'mine', 'theirs'])
  assert.equal((await loadPlugin('cors', at)).config !== undefined, true)
})

test('a plugin that is loaded again is the same, with what was compiled for it', async t => {
  const at = folder(t, { 'mine.mjs': plugin('mine') })
  assert.equal(await loadPlugin('./mine.mjs', at), await loadPlugin('./mine.mjs', at))
})

test('the function of a CommonJS plugin is found, also where a compiler has nested it', async t => {
  const at = folder(t, {
    'plain.cjs': 'module.exports = function plain () {}\n',
    'nested.cjs': 'exports.__esModule = true\nexports.default = function nested () {}\n'
  })
  for (const name of ['plain', 'nested']) {
    assert.equal(((await loadPlugin(`./${name}.cjs`, at)).default as () => void).name, name)
  }
})

test('what cannot be loaded is told with what to do', async t => {
  const at = folder(t, {
    'none.mjs': 'export const other = 1\n',
    'object.mjs': 'export default {}\n',
    'broken.mjs': 'throw new Error("no key")\n'
  })
  const noFunction = 'export default async function (app, options) { … }'
  for (const [reference, message, hint] of [
    ['jwt-aut', 'unknown plugin "jwt-aut"', 'did you mean "jwt-auth"?'],
    [
      'something-else-entirely',
      'unknown plugin "something-else-entirely"',
      `built-in: ${builtInNames().join(', ')}; a file of yours starts with ./; a package must be installed beside ${at}`
    ],
    ['proxying', '"proxying" is part of the gateway', 'it is always on and has keys of its own; it cannot be listed as a policy or plugin'],
    ['./none.mjs', 'plugin "./none.mjs" has no default export that is a function', noFunction],
    ['./object.mjs', 'plugin "./object.mjs" has no default export that is a function', noFunction],
    ['./broken.mjs', 'plugin "./broken.mjs" could not be loaded: no key', undefined]
  ] as const) {
    await assert.rejects(loadPlugin(reference, at), (error: PluginNotLoaded) => {
      assert.ok(error instanceof PluginNotLoaded)
      assert.deepEqual([error.message, error.hint], [message, hint])
      return true
    })
  }
})

test('a plugin that is not loaded within 30 s is given up', async t => {
  const at = folder(t, { 'waits.mjs': 'await new Promise(() => {})\nexport default function () {}\n' })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let failure: Error | undefined
  loadPlugin('./waits.mjs', at).catch((error: Error) => { failure = error })
  await setImmediate()
  t.mock.timers.tick(29_999)
  await setImmediate()
  assert.equal(failure, undefined)
  t.mock.timers.tick(1)
  await setImmediate()
  assert.match(failure!.message, /^plugin "\.\/waits\.mjs" could not be loaded: not done within 30 s/)
})
