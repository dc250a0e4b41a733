/** A server of HTTP/2 without anything around it, and a client of it, for tests of requests and responses. */

import { once } from 'node:events'
import { performServerHandshake, type ClientHttp2Session, type ServerHttp2Session } from 'node:http2'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { Connection } from '../../../src/listeners/connection.ts'
import { Http2Connection } from '../../../src/listeners/http2/http2-connection.ts'
import type { Http2Request } from '../../../src/listeners/http2/http2-request.ts'
import type { Http2Response } from '../../../src/listeners/http2/http2-response.ts'
import { openHttp2 } from '../../helpers/http2.ts'

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
    const connection = new Connection(socket, { lingers: false, linger () {}, accepted: 0, time: 0 }, undefined)
    new Http2Connection(connection, session, { serve: (_connection, request, response) => serve(request, response) })
    t.after(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, client: openHttp2(t, url), sessions }
}
