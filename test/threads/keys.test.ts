/** What the keys about threads may be, and what is told about them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { keysNeedingRestart } from '../../src/config/check/restart-keys.ts'
import { loadConfig, type Loaded } from '../../src/config/load.ts'
import { rootPlugins } from '../../src/gateway/app.ts'

const routes = 'routes: [{ path: /, respond: { text: hi } }]'

async function load (content: string): Promise<Loaded> {
  return await loadConfig({ content: `${content}\n${routes}`, folder: '/conf' }, { env: {}, rootPlugins })
}

test('without a key there are as many threads as fit, and one that hangs is reported', async () => {
  const { config: { server } } = await load('')
  assert.equal(server.threads, 'auto')
  assert.deepEqual(server.silentThread, { after: 10_000, replace: false })
})

const whole = 'expected a whole number from 1 to 64, got'
for (const [wrong, told] of [['0', `${whole} 0`], ['65', `${whole} 65`], ['1.5', `${whole} 1.5`], ['all', 'expected "auto", got "all"']]) {
  test(`${wrong} is no number of threads`, async () => {
    await assert.rejects(load(`server: { threads: ${wrong} }`), (error: unknown) => {
      assert.ok(error instanceof ConfigRefused)
      assert.equal(error.problems[0]!.message, told)
      return true
    })
  })
}

test('the number of threads needs a restart', async () => {
  const [auto, two] = [await load(''), await load('server: { threads: 2 }')]
  assert.deepEqual(keysNeedingRestart(auto.config, two.config), ['server.threads'])
})

test('whoever wants several threads for a Unix socket is told that one serves it', async () => {
  const warnings = async (threads: string): Promise<string[]> => {
    const { warnings } = await load(`server: { threads: ${threads} }\nlisteners: [{ port: 0 }, { socket: /tmp/a.sock }]`)
    return warnings.map(({ pointer, message }) => `${pointer}: ${message}`)
  }
  assert.deepEqual(await warnings('2'), ['/listeners/1/socket: only one thread serves a Unix socket'])
  assert.deepEqual(await warnings('1'), [])
  assert.deepEqual(await warnings('auto'), [])
})
