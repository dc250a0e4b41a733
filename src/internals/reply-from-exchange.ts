/**
 * How an exchange travels through reply-from to the client that it sends with.
 *
 * Relies on: reply-from takes any object with a `request` method as its option `undici`, calls it with the headers
 * that `rewriteRequestHeaders` returns or with a shallow copy of them, which has their symbols too, and reads
 * `statusCode`, `headers` and `body` of what the callback is given. Its types name the option; its documentation
 * does not.
 * Checked with @fastify/reply-from 12.6.5.
 * Without it: proxied requests fail with `internal`.
 */

import type { FastifyReplyFromOptions } from '@fastify/reply-from'
import type { ClientCallback } from '../contract/transport.ts'
import { exchangeKey, type HttpExchange } from '../exchange/exchange.ts'

type ReplyFromClient = NonNullable<FastifyReplyFromOptions['undici']>

interface Carrier {
  readonly [exchangeKey]: HttpExchange
}

/** The option `undici` of reply-from that sends each request with `send`. */
export function replyFromClient (send: (exchange: HttpExchange, callback: ClientCallback) => void): ReplyFromClient {
  const client = {
    request (options: { readonly headers: Carrier }, callback: ClientCallback): void {
      send(options.headers[exchangeKey], callback)
    }
  }
  return client as never
}

/** For `rewriteRequestHeaders`: headers that carry the exchange and nothing else. */
export function carry ({ exchange }: { readonly exchange: unknown }): never {
  return { [exchangeKey]: exchange } as never
}
