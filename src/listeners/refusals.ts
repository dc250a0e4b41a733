/** What is answered to bytes that no handler sees: what Node's parser refuses, CONNECT, and connections beyond the limit. */

import type { ServerResponse } from 'node:http'
import type { Exchange } from '../contract/exchange.ts'
import { reasons, type ReasonCode } from '../contract/errors.ts'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { plainAddress } from '../http/client-address.ts'
import { exchangeOf } from '../exchange/exchange.ts'
import { isOver, type Connection } from './connection.ts'
import { problemMessage, rawProblem } from './raw-problem.ts'

const byError: Readonly<Record<string, ReasonCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout'
}

export class Refusals {
  readonly #via: string
  readonly #unread: (unread: RejectedInput) => void

  /** `via` is the pseudonym of this gateway; `unread` is told what is refused before it is a request. */
  constructor (via: string, unread: (unread: RejectedInput) => void) {
    this.#via = via
    this.#unread = unread
  }

  /** Refuses the first request of a connection that is one too many. */
  surplus (connection: Connection, response: ServerResponse): void {
    connection.begin(response)
    connection.ended = true
    this.#tell(connection, 'overloaded')
    this.#answer(response, 'overloaded')
  }

  /** A balancer in front did not begin with the header of the PROXY protocol: nothing says whose the bytes are, nor what they would take for an answer. */
  unproxied (connection: Connection): void {
    this.#tell(connection, 'bad-request', 'PROXY_HEADER')
    connection.socket.destroy()
  }

  /** A tunnel to anywhere is what a gateway must never be. Node has let go of the socket. */
  tunnel (connection: Connection): void {
    const { socket, pending } = connection
    connection.ended = true
    // Node tells them no more that the socket takes more.
    if (pending.length > 0) socket.on('drain', () => connection.pending[0]?.emit('drain'))
    socket.resume()
    this.#last(connection, 'method-not-allowed', 'CONNECT')
  }

  /** Node's parser can make nothing of what came, or it did not come in time. Node says so again for every further piece. */
  unreadable (connection: Connection, error: NodeJS.ErrnoException): void {
    const { socket, latest } = connection
    if (error.code === 'ECONNRESET') socket.destroy()
    // What is written still has to go out.
    if (!socket.writable || connection.ended) return
    const code = byError[error.code ?? ''] ?? 'bad-request'
    connection.ended = true
    // More bytes after a request that said it is the last.
    if (error.code === 'HPE_CLOSED_CONNECTION') return
    if (latest === undefined || latest.req.complete) this.#last(connection, code, error.code)
    else if (isOver(latest)) connection.end()
    // It is the body of this very request that is wrong, and what has begun can only be cut.
    else if (latest.headersSent) socket.destroy()
    else this.#answer(latest, code, error.code === 'HPE_INVALID_EOF_STATE' ? 'client-closed' : code)
  }

  /** Answers with the last response of a connection, after those that stand before it (RFC 9112 §9.3.2). */
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

  /** Answers a request that was begun, in its turn; `reason` is what log and metrics say of it. */
  #answer (response: ServerResponse, code: ReasonCode, reason = code): void {
    const exchange = exchangeOf(response.req) as Exchange | undefined
    if (exchange !== undefined) exchange.reason ??= reasons[reason]
    const { fields, body } = problemMessage(reasons[code], this.#via, exchange?.id)
    response.writeHead(reasons[code].status, fields).end(body)
  }

  #tell ({ socket }: Connection, code: ReasonCode, why?: string): void {
    this.#unread({ reason: reasons[code], peer: plainAddress(socket.remoteAddress ?? ''), why })
  }
}
