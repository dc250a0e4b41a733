/** HTTP/1.1, and event streams over it: Node's client. */

import { request as plainRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { pieces } from './pieces.ts'
import { startHttpService } from './http-service.ts'
import { pathOf, type Door, type Fields, type Method, type Protocol } from './protocol.ts'

/** Sends a request over a connection of its own, and resolves with its response. */
export async function ask (
  door: Door,
  method: Method,
  headers: Fields,
  sending: { readonly method: string, readonly body?: Buffer }
): Promise<IncomingMessage> {
  const { hostname, port, protocol } = new URL(door.url)
  const options = { hostname, port, path: pathOf(method), headers, method: sending.method, agent: false }
  const outgoing = protocol === 'https:' ? tlsRequest({ ...options, ca: door.ca, servername: 'gateway.test' }) : plainRequest(options)
  return await new Promise((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject).end(sending.body)
  })
}

const http1 = (name: string, tls: boolean, type: string, headers: Fields): Protocol => ({
  name,
  tls,
  upstream: 'http1',
  route: 'path',
  request: { method: 'GET', headers },
  refusals: { unauthenticated: 401, limited: 429, unrouted: 404 },
  drained: 'complete',
  serve: async t => await startHttpService(t, type),
  async call (_t, door, method, fields = {}) {
    const response = await ask(door, method, { ...headers, ...fields }, { method: 'GET' })
    response.resume()
    await new Promise<void>(resolve => { response.once('close', () => resolve()) })
    return { status: response.statusCode!, ok: response.statusCode === 200 && response.complete }
  },
  async hold (t, door) {
    const response = await ask(door, 'Hold', headers, { method: 'GET' })
    t.after(() => response.destroy())
    const held = pieces()
    response.setEncoding('utf8').on('data', (piece: string) => held.add(piece)).on('error', () => {})
    response.once('close', () => held.end(response.complete ? 'complete' : 'cut'))
    return held
  }
})

export const plainHttp1 = http1('HTTP/1.1', false, 'text/plain', {})
export const tlsHttp1 = http1('HTTP/1.1 over TLS', true, 'text/plain', {})
export const eventStream = http1('event streams', true, 'text/event-stream', { accept: 'text/event-stream' })
