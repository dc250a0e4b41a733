/** WebSockets over HTTP/2 (RFC 8441), as the listener hands them over. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { ask2 } from '../../helpers/http2.ts'
import type { Http2Request } from '../../../src/listeners/http2/http2-request.ts'
import type { Http2Response } from '../../../src/listeners/http2/http2-response.ts'
import { bareServer } from './bare-server.ts'

const asking = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat?a=b', 'sec-websocket-version': '13' }

const echo = ({ tunnel }: Http2Request): void => {
  const connection = tunnel!.accept({ 'sec-websocket-protocol': 'chat', 'sec-websocket-accept': 'x', connection: 'upgrade' })
  connection.pipe(connection)
}

test('a request for a WebSocket is a GET with a tunnel', async t => {
  let seen: unknown[] = []
  const { client } = await bareServer(t, request => {
    seen = [request.method, request.url, request.bodyFollows, request.complete, request.malformed, request.headers['sec-websocket-version']]
    echo(request)
  })
  const stream = client.request(asking, { endStream: false })
  const [fields] = await once(stream, 'response') as [Record<string, unknown>]
  assert.deepEqual(seen, ['GET', '/chat?a=b', false, true, false, '13'])
  assert.equal(fields[':status'], 200)
  assert.deepEqual(Object.keys(fields), [':status', 'sec-websocket-protocol', 'date'])
  stream.write('ping')
  assert.equal(String((await once(stream, 'data'))[0]), 'ping')
  stream.end()
})

test('its response is finished when both sides have ended, and not when the client resets it', async t => {
  let response!: Http2Response
  const { client } = await bareServer(t, (request, outgoing) => {
    response = outgoing
    echo(request)
  })
  const ended = client.request(asking, { endStream: false })
  await once(ended, 'response')
  assert.deepEqual([response.headersSent, response.writableFinished, response.destroyed], [true, false, false])
  ended.end()
  ended.resume()
  await once(response, 'close')
  assert.equal(response.writableFinished, true)
  const reset = client.request(asking, { endStream: false })
  await once(reset, 'response')
  reset.close(8)
  await once(response, 'close')
  assert.equal(response.writableFinished, false)
})

test('destroying its response resets it', async t => {
  const { client } = await bareServer(t, (request, response) => {
    echo(request)
    response.destroy()
  })
  const stream = client.request(asking, { endStream: false })
  stream.on('error', () => {}).resume()
  await new Promise<void>(resolve => { stream.once('close', () => resolve()) })
  assert.equal(stream.rstCode, 2)
})

test('it can be refused as any request', async t => {
  const { client } = await bareServer(t, (_request, response) => response.writeHead(403).end('no'))
  const { status, text } = await ask2(client, asking)
  assert.deepEqual([status, text], [403, 'no'])
})

test('other protocols remain a CONNECT', async t => {
  let method: string | undefined
  const { client } = await bareServer(t, (request, response) => {
    method = request.method!
    assert.equal(request.tunnel, undefined)
    response.writeHead(405).end()
  })
  await ask2(client, { ...asking, ':protocol': 'connect-udp' })
  assert.equal(method, 'CONNECT')
})
