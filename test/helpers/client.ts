/** An HTTP client for tests: a connection for every request, paths byte for byte, and cut answers told from complete ones. */

import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly trailers: IncomingMessage['trailers']
  readonly body: Buffer
  readonly text: string
  /** False when the message broke off. */
  readonly complete: boolean
}

export interface Sending {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders | readonly string[]
  readonly body?: string | Buffer
}

/** Begins a request; the caller writes and ends it. */
export function begin (base: string, path: string, { method = 'GET', headers = {} }: Sending = {}): ClientRequest {
  const { hostname, port } = new URL(base)
  const outgoing = request({ hostname, port, path, method, headers: headers as OutgoingHttpHeaders, agent: false })
  outgoing.on('error', () => {})
  return outgoing
}

/** Sends a request and resolves with its response, also with a broken one. @throws when there was none */
export async function send (base: string, path: string, sending: Sending = {}): Promise<Answer> {
  const outgoing = begin(base, path, sending)
  const answer = answerTo(outgoing)
  outgoing.end(sending.body)
  return await answer
}

/** The head of the answer to a request. */
export async function headOf (outgoing: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
}

/** The whole answer to a request. */
export async function answerTo (outgoing: ClientRequest): Promise<Answer> {
  return await readWhole(await headOf(outgoing))
}

/** Reads a response whose head has come. */
export async function readWhole (response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk)).resume()
  response.on('error', () => {})
  await new Promise<void>(resolve => { response.once('close', () => resolve()) })
  const body = Buffer.concat(chunks)
  const { statusCode, headers, rawHeaders, trailers, complete } = response
  return { status: statusCode!, headers, rawHeaders, trailers, body, text: body.toString(), complete }
}
