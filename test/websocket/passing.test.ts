/** What passes through an open WebSocket: every form of frame, and both first buffers. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRawTarget } from '../helpers/target.ts'
import { message, startTalking, talk } from '../helpers/websocket.ts'
import { acceptFor } from '../../src/http/websocket.ts'

const handshake = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

/** A target that accepts every handshake, with `after` in the same packet. */
function accepting (serve: (socket: Socket) => void, after = ''): (socket: Socket) => void {
  return socket => {
    let received = ''
    socket.on('data', function read (chunk: Buffer) {
      received += chunk.toString('latin1')
      if (!received.includes('\r\n\r\n')) return
      socket.off('data', read)
      const [, key] = /sec-websocket-key: (\S+)/i.exec(received)!
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${acceptFor(key!)}\r\n\r\n${after}`, 'latin1')
      const rest = received.slice(received.indexOf('\r\n\r\n') + 4)
      if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'))
      serve(socket)
    })
  }
}

/** Reads until what has arrived ends with `end`. */
async function readUntil (socket: Socket, end: string): Promise<string> {
  let received = ''
  while (!received.endsWith(end)) received += ((await once(socket, 'data'))[0] as Buffer).toString('latin1')
  return received
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('messages of every length form come back as they were, up to 16 MiB, compressed and not', async t => {
  const service = await startTalking(t, undefined, { perMessageDeflate: true })
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  for (const perMessageDeflate of [false, true]) {
    const client = await talk(t, url, '/chat', { perMessageDeflate })
    assert.equal(client.extensions, perMessageDeflate ? 'permessage-deflate' : '')
    for (const size of [0, 1, 125, 126, 65_535, 65_536, ...perMessageDeflate ? [1_000_000] : [16 * 1024 * 1024]]) {
      const sent = Buffer.alloc(size, `${size} `)
      client.send(sent)
      assert.equal(digest(await message(client)), digest(sent), String(size))
    }
  }
})

test('fragments with control frames between them pass, and subprotocols are agreed end to end', async t => {
  const service = await startTalking(t)
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  const client = await talk(t, url, '/chat', {}, ['chat.v2', 'chat.v1'])
  assert.equal(client.protocol, 'chat.v2')
  const pong = once(client, 'pong')
  client.send('one ', { fin: false })
  client.ping('between')
  client.send('two ', { fin: false })
  client.send('three')
  assert.equal(String(await message(client)), 'one two three')
  assert.equal(String((await pong)[0]), 'between')
  const [heard] = service.talkers
  const asked = once(client, 'ping')
  heard!.ping('x')
  await asked
})

test('what comes with the handshake, on either side, is passed on; nothing of it before the target accepts', async t => {
  const target = await startRawTarget(t, accepting(socket => socket.on('data', chunk => socket.write(chunk)), '\x81\x05first'))
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  client.write(`${handshake}\x81\x85\0\0\0\0early`, 'latin1')
  const received = await readUntil(client, 'early')
  assert.match(received, /^HTTP\/1\.1 101 Switching Protocols\r\n/)
  assert.ok(received.includes('\r\n\r\n\x81\x05first\x81\x85\0\0\0\0early'), received)
  assert.match(received, /\r\nsec-websocket-accept: ICX\+Yqv66kxgM0FcWaLWlFLwTAI=\r\n/i)
  assert.match(received, /\r\nx-request-id: [0-9a-f]{32}\r\n/i)
  assert.match(received, /\r\nvia: 1\.1 onedoor\r\n/i)
})

test('the target gets the fields of a request, and a key of its own', async t => {
  const service = await startTalking(t)
  const { url } = await startGateway(t, `
routes:
  - path: /chat
    target: '${service.url}/base'
    requestHeaders: { set: { x-room: lobby } }
    responseHeaders: { set: { x-stamp: 'yes' } }
`)
  const client = await talk(t, url, '/chat?a=1', { headers: { cookie: 'a=b', 'x-forwarded-for': '9.9.9.9' } })
  const [request] = service.requests
  assert.equal(request!.url, '/base/chat?a=1')
  const { cookie, 'x-room': room, 'x-forwarded-for': from } = request!.headers
  assert.deepEqual([room, cookie, from], ['lobby', 'a=b', '127.0.0.1'])
  assert.equal(request!.rawHeaders.filter(name => name.toLowerCase() === 'sec-websocket-key').length, 1)
  client.close()
  await once(client, 'close')
})

test('frames that are not valid reach the service, which judges them', async t => {
  const service = await startTalking(t)
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  for (const [frame, code] of [['\xff\x80\0\0\0\0', 1002], ['\x81\x82\0\0\0\0\xff\xfe', 1007], ['\x89\xfe\0\x80\0\0\0\0', 1002]] as const) {
    const client = await open(t, url)
    client.write(handshake)
    await readUntil(client, '\r\n\r\n')
    const answer = readUntil(client, String.fromCharCode(code >> 8, code & 255))
    client.write(frame, 'latin1')
    await answer
  }
})
