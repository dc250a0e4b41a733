/** Responses to input that never reaches a request handler: parse errors, CONNECT, and connections beyond the limit. */

import type { ServerResponse } from 'node:http'
import type { Exchange } from '../contract/exchange.ts'
import { reasons, type ReasonCode } from '../contract/errors.ts'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { hasOwnStream } from '../http/own-stream.ts'
import { plainAddress } from '../http/client-address.ts'
import { exchangeOf } from '../exchange/exchange.ts'
import { passDrain } from '../internals/node-tunnel-drain.ts'
import { isOver, type Connection } from './connection.ts'
import { problemMessage, rawProblem } from './raw-problem.ts'

/** Codes that Node documents for `clientError`, and codes of llhttp, its parser, which documents them. */
const byError: Readonly<Record<string, ReasonCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout'
}

export class Refusals {
  readonly #via: string
  readonly #rejected: (input: RejectedInput) => void

  /** `via` is the pseudonym of this gateway. `rejected` is called for input that is rejected before it is a request. */
  constructor (via: string, rejected: (input: RejectedInput) => void) {
    this.#via = via
    this.#rejected = rejected
  }

  /** Rejects the first request of a connection, such as one beyond the limit. */
  first (connection: Connection, response: ServerResponse, code: ReasonCode): void {
    connection.begin(response)
    connection.ended = true
    this.#tell(connection, code)
    this.#answer(response, code)
  }

  /** Rejects one of the requests of a connection that serves several at once. */
  one (connection: Connection, response: ServerResponse, code: ReasonCode): void {
    if (exchangeOf(response.req) as Exchange | undefined === undefined) this.#tell(connection, code)
    this.#answer(response, code)
  }

  /** The client has sent too little to tell what it wants. */
  late (connection: Connection): void {
    this.#last(connection, 'request-timeout', 'ERR_HTTP_REQUEST_TIMEOUT')
  }

  /** Rejects a connection on which HTTP came instead of TLS. The caller closes it. */
  insecure (connection: Connection): void {
    this.#tell(connection, 'bad-request', 'HTTP_REQUEST')
    connection.socket.write(rawProblem(reasons['bad-request'], this.#via, 'Here is https: the client has sent http.'))
  }

  /** Closes a connection without a PROXY protocol header. No response is sent, because neither the client nor its protocol is known. */
  unproxied (connection: Connection): void {
    this.#tell(connection, 'bad-request', 'PROXY_HEADER')
    connection.socket.destroy()
  }

  /** Rejects CONNECT: the gateway never opens tunnels. Node has already handed over the socket. */
  tunnel (connection: Connection): void {
    const { socket, pending } = connection
    connection.ended = true
    if (pending.length > 0) passDrain(socket, () => connection.pending[0])
    socket.resume()
    this.#last(connection, 'method-not-allowed', 'CONNECT')
  }

  /** Handles a parse error or a timeout of Node's parser. Node reports it again for every further chunk. */
  unreadable (connection: Connection, error: NodeJS.ErrnoException): void {
    const { socket, latest } = connection
    if (error.code === 'ECONNRESET') socket.destroy()
    // The response that is already written must still be sent.
    if (!socket.writable || connection.ended) return
    const code = byError[error.code ?? ''] ?? 'bad-request'
    connection.ended = true
    // More bytes after a request with `connection: close`.
    if (error.code === 'HPE_CLOSED_CONNECTION') return
    if (latest === undefined || latest.req.complete) this.#last(connection, code, error.code)
    else if (isOver(latest)) connection.end()
    // The body of this request is malformed. A response that has begun can only be truncated.
    else if (latest.headersSent) socket.destroy()
    else this.#answer(latest, code, error.code === 'HPE_INVALID_EOF_STATE' ? 'client-closed' : code)
  }

  /** Sends the last response of a connection, after the responses before it (RFC 9112 §9.3.2). */
  #last (connection: Connection, code: ReasonCode, why?: string): void {
    const { socket, latest } = connection
    if (latest !== undefined && !isOver(latest)) {
      latest.once('close', () => this.#last(connection, code, why))
      return
    }
    if (!socket.writable) return
    this.#tell(connection, code, why)
    socket.write(rawProblem(reasons[code], this.#via))
    connection.end()
  }

  /** Sends an error response to a request that was begun, in its order. `reason` is the reason for log and metrics. */
  #answer (response: ServerResponse, code: ReasonCode, reason = code): void {
    const exchange = exchangeOf(response.req) as Exchange | undefined
    if (exchange !== undefined) exchange.reason ??= reasons[reason]
    const { fields: { connection, ...fields }, body } = problemMessage(reasons[code], this.#via, exchange?.id)
    // A connection of HTTP/2 serves other requests as well.
    if (!hasOwnStream(response.req)) response.setHeader('connection', connection!)
    response.writeHead(reasons[code].status, fields).end(body)
  }

  #tell ({ socket }: Connection, code: ReasonCode, why?: string): void {
    this.#rejected({ reason: reasons[code], peer: plainAddress(socket.remoteAddress ?? ''), why })
  }
}
