/** Services and clients that speak WebSocket, for tests: the package ws on both sides. Its types are not needed. */

import { once } from 'node:events'
import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'
import { startService } from './target.ts'

/** What the tests use of a WebSocket of the package. */
export interface Talker extends EventEmitter {
  readonly readyState: number
  readonly bufferedAmount: number
  readonly extensions: string
  readonly protocol: string
  send (data: string | Buffer, options?: { readonly fin?: boolean, readonly binary?: boolean, readonly compress?: boolean }): void
  ping (data?: string | Buffer): void
  close (code?: number, reason?: string): void
  terminate (): void
  pause (): void
  resume (): void
}

interface TalkerServer extends EventEmitter {
  handleUpgrade (request: IncomingMessage, socket: Duplex, head: Buffer, done: (talker: Talker) => void): void
}

interface Package {
  readonly WebSocket: new (url: string, protocols?: readonly string[], options?: object) => Talker
  readonly WebSocketServer: new (options: object) => TalkerServer
}

const { WebSocket: Client, WebSocketServer } = createRequire(import.meta.url)('ws') as Package

export interface TalkingService {
  readonly url: string
  readonly port: number
  /** The requests that it has accepted. */
  readonly requests: readonly IncomingMessage[]
  /** Its sides of the WebSockets, in order. */
  readonly talkers: readonly Talker[]
}

/** Starts a service that accepts every WebSocket. Without `serve` it sends every message back. */
export async function startTalking (
  t: TestContext,
  serve: (talker: Talker, request: IncomingMessage) => void = echo,
  options: object = {}
): Promise<TalkingService> {
  const requests: IncomingMessage[] = []
  const talkers: Talker[] = []
  const talking = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024, ...options })
  // First, because a server that closes waits for them.
  t.after(() => { for (const talker of talkers) talker.terminate() })
  const { url, port, server } = await startService(t, (_request, response) => { response.end('no WebSocket') })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    talking.handleUpgrade(request, socket, head, talker => {
      requests.push(request)
      talkers.push(talker)
      talker.on('error', () => {})
      serve(talker, request)
    })
  })
  return { url, port, requests, talkers }
}

function echo (talker: Talker): void {
  talker.on('message', (data: Buffer, isBinary: boolean) => talker.send(data, { binary: isBinary }))
}

/** Begins a WebSocket, which is ended with the test. */
export function begin (t: TestContext, base: string, path: string, options: object = {}, protocols: readonly string[] = []): Talker {
  const talker = new Client(base.replace('http', 'ws') + path, protocols, options)
  talker.on('error', () => {})
  t.after(() => talker.terminate())
  return talker
}

/** Opens one. @throws where it is refused */
export async function talk (t: TestContext, base: string, path: string, options?: object, protocols?: readonly string[]): Promise<Talker> {
  const talker = begin(t, base, path, options, protocols)
  await once(talker, 'open')
  return talker
}

/** The response that refuses one. */
export async function refusal (t: TestContext, base: string, path: string, options?: object): Promise<IncomingMessage> {
  const [, response] = await once(begin(t, base, path, options), 'unexpected-response') as [unknown, IncomingMessage]
  return response
}

/** The next message. */
export async function message (talker: Talker): Promise<Buffer> {
  const [data] = await once(talker, 'message') as [Buffer]
  return data
}

/** The status code and reason with which one was closed. */
export async function closed (talker: Talker): Promise<[code: number, reason: string]> {
  const [code, reason] = await once(talker, 'close') as [number, Buffer]
  return [code, reason.toString()]
}
