/** A client that invents keys of a limit: memory is bounded, and no client gets a fresh limit by it. */

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const keys = 1500

test('1500 invented keys push out no key that is in use, and are bounded', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `policies:
  per-key: { plugin: rate-limiting, limit: 3/h, key: "header:x-key", maxKeys: 300 }
routes:
  - { path: /*, target: "${target.url}", policies: [per-key] }
`)
  const ask = async (): Promise<number> => (await send(gateway.url, '/', { headers: { 'x-key': 'victim' } })).status
  assert.deepEqual([await ask(), await ask(), await ask(), await ask()], [200, 200, 200, 429])

  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  let answers = ''
  socket.on('data', (chunk: Buffer) => { answers += chunk.toString('latin1') })
  for (let index = 0; index < keys; index++) {
    socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Key: ${index * 65536}\r\n${index === keys - 1 ? 'Connection: close\r\n' : ''}\r\n`)
  }
  await once(socket, 'close')
  const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)
  assert.equal(statuses.length, keys)
  assert.deepEqual(new Set(statuses), new Set(['200', '429']))
  // Beyond the table all new keys share one limit.
  assert.ok(statuses.filter(status => status === '200').length <= 300 + 3)

  assert.equal(await ask(), 429, 'the key that was used up before still is')
  const [{ keys: counted }] = JSON.parse((await send(gateway.admin, '/limits')).text) as [{ keys: number }]
  assert.ok(counted <= 300 + 1, 'one more that all others share')
})
