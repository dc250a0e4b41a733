/** Floods of one client over HTTP/2: who is cut, when, and that others are served. Figures of a larger scale: `bench/http2-attacks.ts`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { usualHttp2Limits } from '../../../src/config/schema/http2-schema.ts'
import { Listener } from '../../../src/listeners/listener.ts'
import { ask2, openHttp2 } from '../../helpers/http2.ts'
import { openFrames, preface, settings, types, type FrameClient } from '../../helpers/http2-frames.ts'
import { floods, type Flood } from './floods.ts'

for (const { name, send, rounds = 1000, code, closes = true, served } of floods) {
  test(`a flood of one client is survived: ${name}`, async t => {
    let count = 0
    const listener = new Listener({
      name: 'test',
      via: 'test',
      headers: 32_768,
      handle: (request, response) => {
        if (request.url !== '/other') count++
        request.resume()
        if (request.method === 'GET') response.end('served')
      },
      draining: () => false,
      rejected: () => {},
      failed: () => {}
    })
    const timeouts = { headers: 5000, request: 5000, keepAlive: 5000, write: 5000, linger: 500 }
    listener.apply({ timeouts, connections: 100, http2: usualHttp2Limits })
    await listener.open({ host: '127.0.0.1', port: 0 })
    t.after(async () => {
      listener.connections.destroyAll()
      await listener.close()
    })
    const other = openHttp2(t, listener.address)
    assert.equal((await ask2(other, { ':path': '/other' })).text, 'served')
    const client = await openFrames(t, listener.address)
    await flood(client, send, rounds)
    if (closes) await client.gone()
    assert.equal(client.closed, closes)
    const goaway = client.find(types.goaway)
    if (code !== undefined) assert.equal(goaway?.payload.readUInt32BE(4), code)
    assert.ok(count <= served, `${count} requests were served`)
    assert.equal((await ask2(other, { ':path': '/other' })).text, 'served')
  })
}

async function flood (client: FrameClient, send: Flood['send'], rounds: number): Promise<void> {
  for (let round = 0; round < rounds && !client.closed; round++) {
    client.write(...send(round))
    await setImmediate()
  }
}

test('all of an attack may come in the first packet', async t => {
  const listener = new Listener({
    name: 'test', via: 'test', headers: 32_768, handle: (_request, response) => response.end(), draining: () => false, rejected: () => {},
    failed: () => {}
  })
  listener.apply({
    timeouts: { headers: 5000, request: 5000, keepAlive: 5000, write: 5000, linger: 500 }, connections: 100, http2: usualHttp2Limits
  })
  await listener.open({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    listener.connections.destroyAll()
    await listener.close()
  })
  for (const { send } of floods) {
    const client = await openFrames(t, listener.address, Buffer.concat([preface, settings(), ...[0, 1, 2, 3, 4].flatMap(send)]))
    await client.until(() => client.frames.length > 0).catch(() => {})
    client.socket.destroy()
    await client.gone()
  }
  assert.equal((await ask2(openHttp2(t, listener.address))).status, 200)
})
