/** Clients that speak HTTP/2, by node:http2. */

import { connect, type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2'
import type { TestContext } from 'node:test'

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

/** Opens a connection that trusts any certificate and is closed with the test. */
export function openHttp2 (t: TestContext, url: string): ClientHttp2Session {
  const client = connect(url, { rejectUnauthorized: false })
  client.on('error', () => {})
  t.after(() => client.destroy())
  return client
}

/** Sends a request and reads the whole response, also a broken one. */
export async function ask2 (client: ClientHttp2Session, fields: OutgoingHttpHeaders = {}, body?: string | Buffer): Promise<Http2Answer> {
  const stream = client.request(fields, { endStream: body === undefined })
  if (body !== undefined) stream.end(body)
  return await answerOf(stream)
}

/** Reads the whole response, also a broken one. */
export async function answerOf (stream: ClientHttp2Stream): Promise<Http2Answer> {
  const chunks: Buffer[] = []
  const interim: Record<string, unknown>[] = []
  let headers: Record<string, unknown> = {}
  let trailers: Record<string, unknown> | undefined
  stream.on('headers', fields => interim.push(plain(fields)))
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
