/** What plugins may do to a response on its way to the client. */

import type { Duplex } from 'node:stream'
import type { Exchange } from './exchange.ts'

/** The status and the header fields that a client is about to get; a Fastify reply is one. */
export interface ResponseFields {
  readonly statusCode: number
  hasHeader (name: string): boolean
  getHeader (name: string): string | number | string[] | undefined
  /** Sets a field; of `set-cookie` adds one. */
  header (name: string, value: string): unknown
  removeHeader (name: string): unknown
}

/** Observes one body. What it throws is logged, and it is not told the rest. */
export interface BodyObserver {
  /** The chunk is valid during this call only. Copy it to keep it longer. */
  chunk (chunk: Buffer): void
  /** The body is complete. Not called for one that breaks off; see `exchange.onClose`. */
  end? (): void
}

/**
 * What a plugin does to responses, whether they come from a target or from the gateway itself. Make it an `onSend` hook
 * with `responseStage`. Each method is called once for a response, in this order. A response without a body (HEAD, 204,
 * 304) has neither `tee` nor `transform`.
 */
export interface ResponseStage {
  /** Changes the header fields. */
  fields? (exchange: Exchange, fields: ResponseFields): void
  /** Returns what observes the body as it comes to this stage, or undefined. */
  tee? (exchange: Exchange, fields: ResponseFields): BodyObserver | undefined
  /**
   * Returns the stream that the body goes through, several in their order, or undefined. Content-Length is removed; other fields are
   * the stage's to change.
   */
  transform? (exchange: Exchange, fields: ResponseFields): Duplex | readonly Duplex[] | undefined
  /** Changes the trailer fields of a target's response, which is complete. They are sent only to clients that accept them. */
  end? (exchange: Exchange, trailers: [name: string, value: string][]): void
}

/** All that is done to the responses of a route, compiled when the app is ready. */
export interface ResponsePipeline {
  /** Whether every `onSend` hook of the route is a stage. Then a target's response need not go through Fastify. */
  readonly direct: boolean
  /** Its stages in running order. */
  readonly stages: readonly ResponseStage[]
}
