/** The client's body on its way to a target: counted, bounded, timed, and never mistaken for complete when it is not. */

import { EventEmitter } from 'node:events'
import { GatewayError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/**
 * Looks like a Readable to undici, which destroys what it is given when an attempt fails. The client's own stream must outlive
 * that: another attempt may still need it, and destroying it would cut the client off from its answer. Beside the events that undici
 * listens to it emits `flowing` when it waits for the client and `full` when it waits for the target.
 */
export class RequestBody extends EventEmitter {
  readonly #exchange: Exchange
  readonly #limit: number
  #attached = false
  #ended = false

  /** `limit` is the most bytes that are let through. */
  constructor (exchange: Exchange, limit: number) {
    super()
    this.#exchange = exchange
    this.#limit = limit
  }

  /** Whether bytes may have been taken from the client: then this body cannot be sent a second time. */
  get started (): boolean {
    return this.#attached
  }

  resume (): this {
    if (!this.#attached) this.#attach()
    this.#exchange.raw.resume()
    this.emit('flowing')
    return this
  }

  pause (): this {
    this.#exchange.raw.pause()
    this.emit('full')
    return this
  }

  /** Marks this as a stream for undici, which then listens to its events; it is never called. */
  pipe (): never {
    throw new Error('a request body is read by its events')
  }

  /** Lets go of the client's stream without touching it. */
  destroy (): this {
    if (this.#attached && !this.#ended) this.#detach()
    return this
  }

  readonly #onData = (chunk: Buffer): void => {
    const exchange = this.#exchange
    exchange.bytesIn += chunk.length
    if (exchange.bytesIn > this.#limit) {
      this.#fail(new GatewayError('body-too-large'))
      return
    }
    this.emit('data', chunk)
  }

  readonly #onEnd = (): void => {
    // Node also ends a body that the client cut short; only a complete one may look complete to the target.
    if (!this.#exchange.raw.complete) {
      this.#fail(new GatewayError('client-closed'))
      return
    }
    this.#detach()
    this.emit('end')
  }

  readonly #onLost = (): void => this.#fail(new GatewayError('client-closed'))

  #attach (): void {
    this.#attached = true
    this.#exchange.raw.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onLost).on('close', this.#onLost)
  }

  #detach (): void {
    this.#ended = true
    this.#exchange.raw.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onLost).off('close', this.#onLost)
  }

  #fail (error: GatewayError): void {
    if (this.#ended) return
    this.#detach()
    this.#exchange.raw.pause()
    this.emit('error', error)
  }
}
