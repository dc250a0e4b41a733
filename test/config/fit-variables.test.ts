/** A value that is one variable is what belongs at its place. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { folder } from './folder.ts'

const env = {
  PORT: '8088',
  NETS: '10.0.0.0/8, 127.0.0.1,',
  NONE: '',
  ON: 'false',
  DIGITS: '12345678901234567890123456789012',
  CODES: '503,connect',
  BAD: '10.0.0.0/8,traefik',
  WORD: 'word'
}

const yaml = `
server: { port: "\${PORT}", trustProxy: "\${NETS}", requireAuth: "\${ON}" }
admin: { token: \${DIGITS} }
upstreams:
  s: { targets: ["http://127.0.0.1:1"], retry: { on: ["connect"] } }
policies:
  inside: { plugin: ip-filter, allow: "\${NETS}" }
  open: { plugin: ip-filter, deny: "\${UNSET:-10.1.0.0/16,10.2.0.0/16}" }
  login: { plugin: jwt-auth, secret: "\${DIGITS}", audience: "\${NETS}" }
routes:
  - { path: /, upstream: s, policies: [inside, open, login], name: "\${PORT}", methods: "\${UNSET:-GET, POST}" }
`.replace('{ token: ${DIGITS} }', '\n  token: ${DIGITS}')

test('numbers, booleans, texts and lists come from variables, in quotes or not, in the file and in options', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  writeFileSync(file, yaml)
  const { config } = await loadConfig(file, { env, rootPlugins })
  assert.deepEqual(
    [config.server.port, config.server.trustProxy, config.server.requireAuth, config.admin.token],
    [8088, ['10.0.0.0/8', '127.0.0.1'], false, env.DIGITS]
  )
  assert.deepEqual(config.policies['inside']!['allow'], ['10.0.0.0/8', '127.0.0.1'])
  assert.deepEqual(config.policies['open']!['deny'], ['10.1.0.0/16', '10.2.0.0/16'])
  // Where text is taken, commas are part of it.
  assert.deepEqual([config.policies['login']!['secret'], config.policies['login']!['audience']], [env.DIGITS, env.NETS])
  assert.deepEqual([config.routes[0]!.name, config.routes[0]!.methods], ['8088', ['GET', 'POST']])
})

const numbers = ['${PORT}', '"${PORT}"', "'${PORT}'", '${UNSET:-8088}', '80${LAST}', '"80${LAST}"', "'${FIRST}88'", '${env:PORT}']

test('a number from a variable is a number in every style of YAML', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  for (const written of numbers) {
    const flow = [`{port: ${written}}`, `{ port: ${written}, host: 127.0.0.1 }`]
    for (const server of [...flow, `\n  port: ${written}`, `\n  port: ${written} # comment`]) {
      writeFileSync(file, `server: ${server}\nroutes: [{ path: /, respond: {} }]\n`)
      const { config } = await loadConfig(file, { env: { PORT: '8088', LAST: '88', FIRST: '80' }, rootPlugins })
      assert.equal(config.server.port, 8088, server)
    }
  }
})

test('a variable without quotes inside { } and [ ] may have any default, and keeps its place', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  const server = 'server: { trustProxy: [${A}, ${B:-10.0.0.0/8}], port: ${P:-70000} }'
  writeFileSync(file, `${server}\nroutes: [{ path: /, respond: { text: \${T:-a, [b]} } }]`)
  const found = await loadConfig(file, { env: { A: '127.0.0.1' }, rootPlugins }).catch((error: unknown) => {
    assert.ok(error instanceof ConfigRefused)
    return error.problems.map(({ position, message }) => `${position!.line}:${position!.column}+${position!.length} ${message}`)
  })
  assert.deepEqual(found, ['1:55+11 expected a whole number from 0 to 65535, got 70000'])
})

test('nothing is an empty list; what does not fit is told where the variable stands', async t => {
  const file = join(folder(t, {}), 'gateway.yaml')
  const load = async (server: string): Promise<unknown> => {
    writeFileSync(file, `server:\n  ${server}\nroutes:\n  - { path: /, respond: {} }\n`)
    return await loadConfig(file, { env, rootPlugins }).then(({ config }) => config.server.trustProxy, (error: unknown) => {
      assert.ok(error instanceof ConfigRefused)
      return error.problems.map(({ position, message }) => `${position!.line}:${position!.column} ${message}`)
    })
  }
  assert.deepEqual(await load('trustProxy: ${NONE}'), [])
  assert.deepEqual(await load('trustProxy: "${NONE}"'), [])
  assert.deepEqual(
    await load('trustProxy: ${BAD}'),
    ['2:15 "traefik" is not a network: expected an address, an address/prefix, loopback, private or unix']
  )
  assert.deepEqual(await load('port: "${WORD}"'), ['2:9 expected a whole number from 0 to 65535, got "word"'])
  // Written in the file it is a list or none.
  assert.deepEqual(await load('trustProxy: "10.0.0.0/8, ${WORD}"'), ['2:15 expected a list, got "10.0.0.0/8, word"'])
})
