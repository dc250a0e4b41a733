/** Passes the response of an attempt on: in one piece where it is small and arrives at once, otherwise as a stream. */

import type { GatewayError } from '../contract/errors.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { ResponseFields, Transmission } from '../contract/transport.ts'
import { batchWrite } from '../scheduling/write-batch.ts'
import { ResponseBody } from './response-body.ts'

/** The most bytes of a response that are held while it may still complete. A longer response is streamed. */
const mostHeld = 128 * 1024

/** The most bytes that are copied to join several chunks into one. */
const mostJoined = 16 * 1024

/** Receives the response. */
export interface DeliveryOwner {
  deliver (response: TargetResponse): void
  /** The target has been silent for the idle timeout in the middle of the body. */
  idle (): void
}

/** The status line and headers of a response, and what it arrives by. */
export interface ResponseHead {
  readonly transmission: Transmission
  readonly statusCode: number
  readonly headers: ResponseFields
}

export class ResponseDelivery {
  readonly #owner: DeliveryOwner
  readonly #head: ResponseHead
  readonly #idle: number
  /** Chunks that arrived before the response was passed on. */
  #chunks: Buffer[] = []
  /** Their length in bytes. */
  #held = 0
  #body: ResponseBody | undefined
  #response: TargetResponse | undefined
  #over = false

  /** @param idle longest silence of the target in the middle of the body, in milliseconds; 0 for no limit */
  constructor (owner: DeliveryOwner, head: ResponseHead, idle: number) {
    this.#owner = owner
    this.#head = head
    this.#idle = idle
    // A response that is complete by the end of this event-loop tick is sent in one write. A longer or slower one is streamed.
    batchWrite(this.#tickEnded)
  }

  /** Headers without any of their body wait one more event-loop tick, because the body may arrive in the next TCP segment. */
  readonly #tickEnded = (): void => {
    if (this.#held > 0) this.#stream()
    else batchWrite(() => this.#stream())
  }

  receive (chunk: Buffer): void {
    if (this.#body !== undefined) {
      this.#body.receive(chunk)
      return
    }
    this.#chunks.push(chunk)
    this.#held += chunk.length
    if (this.#held > mostHeld) this.#stream()
  }

  /** The response of the target is complete. */
  complete (trailers: ResponseFields): void {
    if (this.#body !== undefined) {
      this.#response!.trailers = trailers
      this.#body.complete()
      return
    }
    if (this.#over) return
    this.#over = true
    this.#deliver(this.#chunks.length > 1 && this.#held <= mostJoined ? [Buffer.concat(this.#chunks)] : this.#chunks, trailers)
  }

  /** Ends a response that broke off with trailers that say why. Returns whether its client gets them, because a part was sent to it. */
  finish (trailers: ResponseFields): boolean {
    if (this.#body === undefined) return false
    this.complete(trailers)
    return true
  }

  /** The response of the target broke off. Returns whether the client has been sent a part of it, which is cut too. */
  cut (error: GatewayError): boolean {
    this.#over = true
    this.#body?.destroy(error)
    return this.#body !== undefined
  }

  /** The client has left. The rest of the response is read elsewhere. */
  abandon (): void {
    this.#over = true
    this.#body?.abandon()
  }

  /** Passes on what has arrived and streams the rest. */
  #stream (): void {
    if (this.#over) return
    this.#over = true
    const body = this.#body = new ResponseBody(this.#head.transmission, this.#idle, () => this.#owner.idle())
    // An error of the target truncates the response of the client. Without a listener it would crash the process.
    body.on('error', () => {})
    for (const chunk of this.#chunks) body.receive(chunk)
    this.#chunks = []
    this.#deliver(body, undefined)
  }

  /** The chunks are as the socket has read them, and nothing else refers to them. */
  #deliver (body: TargetResponse['body'], trailers: ResponseFields | undefined): void {
    const { statusCode, headers } = this.#head
    this.#response = { statusCode, headers, body, ownership: 'given', trailers }
    this.#owner.deliver(this.#response)
  }
}
