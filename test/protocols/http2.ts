/** HTTP/2 over TLS and by prior knowledge: Node's client. */

import { once } from 'node:events'
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import type { TestContext } from 'node:test'
import { startHttpService } from './http-service.ts'
import { pieces } from './pieces.ts'
import { pathOf, type Door, type Fields, type Method, type Protocol } from './protocol.ts'

/** Opens a session, which is closed with the test. */
export async function openSession (t: TestContext, { url, ca }: Door): Promise<ClientHttp2Session> {
  const session = connect(url, url.startsWith('https:') ? { ca, servername: 'gateway.test' } : {})
  session.on('error', () => {})
  t.after(() => session.destroy())
  await once(session, 'connect')
  return session
}

async function ask (t: TestContext, door: Door, method: Method, fields: Fields): Promise<[ClientHttp2Stream, IncomingHttpHeaders]> {
  const session = await openSession(t, door)
  const stream = session.request({ ':path': pathOf(method), ':authority': 'gateway.test', ...fields })
  stream.once('close', () => session.close())
  const [headers] = await once(stream, 'response') as [IncomingHttpHeaders]
  return [stream, headers]
}

const http2 = (name: string, tls: boolean): Protocol => ({
  name,
  tls,
  upstream: 'http1',
  route: 'path',
  request: { method: 'GET', headers: {} },
  refusals: { unauthenticated: 401, limited: 429, unrouted: 404 },
  drained: 'complete',
  serve: async t => await startHttpService(t, 'text/plain'),
  async call (t, door, method, fields = {}) {
    const [stream, { ':status': status }] = await ask(t, door, method, fields)
    stream.resume()
    await once(stream, 'close')
    return { status: Number(status), ok: Number(status) === 200 && stream.rstCode === constants.NGHTTP2_NO_ERROR }
  },
  async hold (t, door) {
    const [stream] = await ask(t, door, 'Hold', {})
    const held = pieces()
    let complete = false
    stream.setEncoding('utf8').on('data', (piece: string) => held.add(piece)).on('error', () => {}).on('end', () => { complete = true })
    stream.once('close', () => held.end(complete && stream.rstCode === constants.NGHTTP2_NO_ERROR ? 'complete' : 'cut'))
    return held
  }
})

export const tlsHttp2 = http2('HTTP/2', true)
export const plainHttp2 = http2('HTTP/2 without TLS', false)
