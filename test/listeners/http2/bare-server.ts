/** A server of HTTP/2 without anything around it, and a client of it, for tests of requests and responses. */

import { once } from 'node:events'
import { connect, performServerHandshake, type ClientHttp2Session, type ClientHttp2Stream, type ServerHttp2Session } from 'node:http2'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { Connection } from '../../../src/listeners/connection.ts'
import { Http2Connection } from '../../../src/listeners/http2/http2-connection.ts'
import type { Http2Request } from '../../../src/listeners/http2/http2-request.ts'
import type { Http2Response } from '../../../src/listeners/http2/http2-response.ts'

export type Serve = (request: Http2Request, response: Http2Response) => void

export interface BareServer {
  readonly url: string
  readonly client: ClientHttp2Session
  readonly sessions: readonly ServerHttp2Session[]
}

/** Serves each request with `serve`. Client and server are closed with the test. */
export async function bareServer (t: TestContext, serve: Serve): Promise<BareServer> {
  const sessions: ServerHttp2Session[] = []
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    const session = performServerHandshake(socket, { strictSingleValueFields: false, settings: { enableConnectProtocol: true } })
    sessions.push(session)
    const connection = new Connection(socket, { lingers: false, linger () {} }, false)
    new Http2Connection(connection, session, { serve: (_connection, request, response) => serve(request, response) })
    t.after(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = connect(url)
  client.on('error', () => {})
  t.after(() => client.destroy())
  return { url, client, sessions }
}

export interface Http2Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly trailers: Readonly<Record<string, unknown>> | undefined
  readonly text: string
  readonly body: Buffer
  readonly rstCode: number
  /** Interim responses. */
  readonly interim: readonly Readonly<Record<string, unknown>>[]
}

/** Reads the whole response, also a broken one. */
export async function answerOf (stream: ClientHttp2Stream): Promise<Http2Answer> {
  const chunks: Buffer[] = []
  const interim: Record<string, unknown>[] = []
  let headers: Record<string, unknown> = {}
  let trailers: Record<string, unknown> | undefined
  stream.on('headers', fields => interim.push(fields))
  stream.on('response', fields => { headers = plain(fields) })
  stream.on('trailers', fields => { trailers = plain(fields) })
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('error', () => {})
  await new Promise<void>(resolve => { stream.once('close', () => resolve()) })
  const body = Buffer.concat(chunks)
  return { status: Number(headers[':status']), headers, trailers, text: body.toString(), body, rstCode: stream.rstCode ?? 0, interim }
}

/** Without Node's own symbol. */
function plain (fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields))
}
