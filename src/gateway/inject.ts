/** Injects a request into a gateway: an HTTP request over a connection in memory. */

import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { InjectedRequest, InjectedResponse } from '../contract/injection.ts'
import { nodeHttp } from '../http/node-http.ts'
import { clientOf, setClient } from '../exchange/client-connection.ts'
import { readHost } from '../http/host.ts'
import { connectInMemory } from '../internals/node-memory-socket.ts'
import { connectionWith, readCertificate } from './given-certificate.ts'

/**
 * Sends a request to whatever serves `serve`'s connections, and resolves with the complete response.
 * @throws the error of the connection where the response breaks off, such as ECONNRESET
 */
export async function inject (asked: InjectedRequest | string, serve: (connection: Socket) => void): Promise<InjectedResponse> {
  const request = typeof asked === 'string' ? { url: asked } : asked
  const { client, server } = connectInMemory(request.remoteAddress ?? '127.0.0.1')
  const certificate = request.certificate === undefined ? undefined : readCertificate(request.certificate)
  serve(server)
  if (certificate !== undefined) setClient(server, connectionWith(clientOf(server), certificate, readHost(split(request.url).host)))
  const outgoing = open(request, client)
  const { body } = request
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  outgoing.on('error', reject)
  outgoing.on('response', resolve)
  outgoing.on('upgrade', resolve)
  outgoing.end(isBytes(body) ? body : body === undefined ? undefined : JSON.stringify(body))
  try {
    return await complete(await promise)
  } finally {
    client.destroy()
  }
}

function open ({ method = 'GET', url, headers = {}, body, signal }: InjectedRequest, client: Socket): ClientRequest {
  const { host, path } = split(url)
  const given = new Set(Object.keys(headers).map(name => name.toLowerCase()))
  const fields: Record<string, unknown> = { ...headers }
  if (!given.has('host')) fields['host'] = host
  if (body !== undefined && !isBytes(body) && !given.has('content-type')) fields['content-type'] = 'application/json'
  return nodeHttp.request({
    method,
    path,
    headers: fields as OutgoingHttpHeaders,
    createConnection: () => client,
    ...(signal === undefined ? {} : { signal })
  })
}

function isBytes (body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array
}

/** Keeps the path byte for byte, which `new URL` would not. */
function split (url: string): { readonly host: string, readonly path: string } {
  const match = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url)
  if (match === null) return { host: 'localhost', path: url }
  const [, host, rest] = match
  return { host: host!, path: rest!.startsWith('/') ? rest! : `/${rest!}` }
}

async function complete (response: IncomingMessage): Promise<InjectedResponse> {
  const chunks: Buffer[] = []
  const upgraded = response.statusCode === 101
  if (!upgraded) for await (const chunk of response) chunks.push(chunk as Buffer)
  const rawPayload = Buffer.concat(chunks)
  const body = rawPayload.toString()
  return {
    statusCode: response.statusCode!,
    statusMessage: response.statusMessage!,
    headers: response.headers,
    body,
    rawPayload,
    json: <T>() => JSON.parse(body) as T
  }
}
