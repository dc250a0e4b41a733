/** What `listeners` may contain, and what each wrong one is told. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listenersOf } from '../../src/config/listeners.ts'
import { loadConfig } from '../../src/config/load.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'

const routes = 'routes: [{ path: /, respond: { text: hi } }]'

async function problems (listeners: string, more = ''): Promise<string[]> {
  const source = { content: `${more}\nlisteners: ${listeners}\n${routes}`, folder: '/conf' }
  try {
    return (await loadConfig(source, { env: {}, rootPlugins })).warnings.map(({ message }) => message)
  } catch (error) {
    if (!(error instanceof ConfigRefused)) throw error
    return error.problems.map(({ pointer, message }) => `${pointer} ${message}`)
  }
}

for (const [listeners, ...expected] of [
  ['[{ host: "::1" }]', '/listeners/0 missing key "port"'],
  ['[{ port: 1, socket: /a }]', '/listeners/0/port a listener has a port or a socket, not both'],
  ['[{ host: a, socket: /a }]', '/listeners/0/host a listener has a port or a socket, not both'],
  ['[{ port: 1, mode: "600" }]', '/listeners/0/mode only a Unix socket has permissions'],
  ['[{ port: 1 }, { host: 0.0.0.0, port: 1 }]', '/listeners/1/port two listeners for 0.0.0.0:1'],
  ['[{ socket: a }, { socket: a }]', '/listeners/1/socket two listeners for unix:a'],
  ['[{ port: 0 }, { port: 0 }]'],
  [
    '[{ port: 1, proxyProtocol: [nowhere] }]',
    '/listeners/0/proxyProtocol/0 "nowhere" is not a network: expected an address, an address/prefix, loopback, private or unix'
  ],
  ['[{ port: 1, redirectToHttps: true }]', '/listeners/0/redirectToHttps no listener has a port and `tls`'],
  ['[{ port: 1, redirectToHttps: 443 }]']
] as const) {
  test(`${listeners} ${expected.length === 0 ? 'is accepted' : 'is refused'}`, async () => {
    assert.deepEqual(await problems(listeners), expected)
  })
}

test('server.host and server.port beside listeners are a warning', async () => {
  assert.deepEqual(
    await problems('[{ port: 1 }]', 'server: { host: ::1, port: 2 }'),
    Array(2).fill('has no effect: `listeners` says where to listen')
  )
})

test('without listeners there is the one of server.host and server.port; names are unique, and paths absolute', async () => {
  const load = async (text: string) => (await loadConfig(
    { content: `${text}\n${routes}`, folder: '/conf' },
    { env: {}, rootPlugins }
  )).config
  const names = async (text: string): Promise<string[]> => listenersOf(await load(text)).map(({ name }) => name)
  assert.deepEqual(await names(''), ['0.0.0.0:8080'])
  assert.deepEqual(await names('server: { host: ::1, port: 1 }'), ['[::1]:1'])
  assert.deepEqual(
    await names('listeners: [{ port: 0 }, { port: 0 }, { socket: a.sock }]'),
    ['0.0.0.0:0', '0.0.0.0:0#2', 'unix:/conf/a.sock']
  )
  assert.deepEqual(
    listenersOf(await load('listeners: [{ port: 1 }, { port: 2 }]'), { host: '::', port: 3 }).map(({ name, place }) => [name, place]),
    [['[::]:3', { host: '::', port: 3 }], ['0.0.0.0:2', { host: '0.0.0.0', port: 2 }]]
  )
})
