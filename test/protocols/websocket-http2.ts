/** WebSocket over HTTP/2 (RFC 8441): Node's client, and the frames of the package ws. */

import { once, type EventEmitter } from 'node:events'
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { createRequire } from 'node:module'
import type { Writable } from 'node:stream'
import type { TestContext } from 'node:test'
import { openSession } from './http2.ts'
import { pieces } from './pieces.ts'
import { pathOf, type Door, type Fields, type Held, type Method, type Protocol } from './protocol.ts'
import { endOf, startTalkingService, websocket } from './websocket.ts'

interface Sender {
  close (code: number, data: string, mask: boolean, done: () => void): void
}

const { Receiver, Sender: FrameSender } = createRequire(import.meta.url)('ws') as {
  readonly Receiver: new (options: object) => Writable & EventEmitter,
  readonly Sender: new (socket: unknown) => Sender
}

async function ask (t: TestContext, door: Door, method: Method, fields: Fields): Promise<[ClientHttp2Stream, number]> {
  const session = await openSession(t, door)
  if (session.remoteSettings.enableConnectProtocol !== true) await once(session, 'remoteSettings')
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'https',
    ':authority': 'gateway.test',
    ':path': pathOf(method),
    'sec-websocket-version': '13',
    ...fields
  }, { endStream: false })
  stream.on('error', () => {})
  stream.once('close', () => session.close())
  const [{ ':status': status }] = await once(stream, 'response') as [IncomingHttpHeaders]
  return [stream, Number(status)]
}

/** Reads the frames of an open one, and answers the frame that closes it. */
function read (stream: ClientHttp2Stream): Held {
  const held = pieces()
  const receiver = new Receiver({ isServer: false, binaryType: 'nodebuffer' })
  const sender = new FrameSender(stream)
  receiver.on('message', (data: Buffer) => held.add(data.toString()))
  receiver.on('error', () => {})
  receiver.on('conclude', (code: number) => {
    sender.close(code, '', true, () => stream.end())
    held.end(endOf(code))
  })
  stream.on('data', (chunk: Buffer) => { receiver.write(chunk) })
  stream.once('close', () => held.end('cut'))
  return held
}

export const websocketHttp2: Protocol = {
  ...websocket,
  name: 'WebSocket over HTTP/2',
  serve: startTalkingService,
  async call (t, door, method, fields = {}) {
    const [stream, status] = await ask(t, door, method, fields)
    if (status !== 200) {
      stream.resume().end()
      await once(stream, 'close')
      return { status, ok: false }
    }
    return { status, ok: await read(stream).ended === 'complete' }
  },
  async hold (t, door) {
    const [stream, status] = await ask(t, door, 'Hold', {})
    if (status !== 200) throw new Error(`refused: ${status}`)
    return read(stream)
  }
}
