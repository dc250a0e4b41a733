/** WebSockets through the gateway, with ws on both sides. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { message, startTalking, talk } from '../helpers/websocket.ts'

test('S0-41 S2-033 messages pass in both directions, and the log tells what passed and who closed', async t => {
  const service = await startTalking(t)
  const { url, logged } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  const client = await talk(t, url, '/chat?room=1')
  client.send('hello')
  assert.equal(String(await message(client)), 'hello')
  assert.equal(service.requests[0]!.url, '/chat?room=1')
  client.close(4001, 'done')
  await once(client, 'close')
  const line = await logged(({ msg }) => msg === 'request completed')
  assert.equal(line['status'], 101)
  assert.deepEqual(line['websocket'], { closedBy: 'client', code: 4001, messagesIn: 1, messagesOut: 1 })
  assert.deepEqual([line['bytesIn'], line['bytesOut'], line['code']], [23, 15, undefined])
})
