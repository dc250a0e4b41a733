/** WebSocket over HTTP/1.1 and TLS: the package ws on both ends. Its types are not needed. */

import { once, type EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'
import { startService } from '../helpers/target.ts'
import { fieldsOf } from './http-service.ts'
import { pieces } from './pieces.ts'
import { methodOf, pathOf, type Door, type Fields, type Method, type Outcome, type Protocol, type Service } from './protocol.ts'

interface Talker extends EventEmitter {
  send (text: string): void
  close (code?: number): void
  terminate (): void
}

interface TalkerServer {
  handleUpgrade (request: IncomingMessage, socket: Duplex, head: Buffer, done: (talker: Talker) => void): void
}

const { WebSocket, WebSocketServer } = createRequire(import.meta.url)('ws') as {
  readonly WebSocket: new (url: string, options: object) => Talker,
  readonly WebSocketServer: new (options: object) => TalkerServer
}

/** The service behind WebSockets. */
export async function startTalkingService (t: TestContext): Promise<Service> {
  const calls: Service['calls'][number][] = []
  let held: Talker | undefined
  const talking = new WebSocketServer({ noServer: true })
  const { url, server } = await startService(t, (_request, response) => { response.writeHead(426).end() })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    talking.handleUpgrade(request, socket, head, talker => {
      const method = methodOf(request.url!)
      calls.push({ method, fields: fieldsOf(request.headers) })
      talker.on('error', () => {})
      t.after(() => talker.terminate())
      if (method === 'Hold') held = talker
      else talker.close(1000)
    })
  })
  return { url, calls, push: text => held!.send(text), finish: () => held!.close(1000) }
}

/** Begins one. Resolves with it once it is open, or with the status of the response that refuses it. */
async function talk ({ url, ca }: Door, method: Method, fields: Fields): Promise<Talker | number> {
  const talker = new WebSocket(url.replace('http', 'ws') + pathOf(method), { ca, servername: 'gateway.test', headers: fields })
  talker.on('error', () => {})
  return await new Promise(resolve => {
    talker.once('open', () => resolve(talker))
    talker.once('unexpected-response', (_request: unknown, { statusCode }: IncomingMessage) => {
      resolve(statusCode!)
      talker.terminate()
    })
  })
}

/** How one has ended, by its close code. */
export function endOf (code: number): string {
  return code === 1000 ? 'complete' : String(code)
}

export const websocket: Protocol = {
  name: 'WebSocket',
  tls: true,
  upstream: 'http1',
  route: 'path',
  request: {
    method: 'GET',
    headers: { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
  },
  refusals: { unauthenticated: 401, limited: 429, unrouted: 404 },
  drained: '1001',
  serve: startTalkingService,
  async call (_t, door, method, fields = {}): Promise<Outcome> {
    const talker = await talk(door, method, fields)
    if (typeof talker === 'number') return { status: talker, ok: false }
    const [code] = await once(talker, 'close') as [number]
    return { status: 101, ok: code === 1000 }
  },
  async hold (t, door) {
    const held = pieces()
    const talker = await talk(door, 'Hold', {})
    if (typeof talker === 'number') throw new Error(`refused: ${talker}`)
    t.after(() => talker.terminate())
    talker.on('message', (data: Buffer) => held.add(String(data)))
    talker.once('close', (code: number) => held.end(endOf(code)))
    return held
  }
}
