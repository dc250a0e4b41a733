/** The body of a streamed response: a Readable with back pressure on the target's socket and an idle timeout. */

import { Readable } from 'node:stream'
import type { Transmission } from '../contract/transport.ts'

/** Bytes that are held for a slow client before reading from the target pauses. */
const highWaterMark = 64 * 1024

export class ResponseBody extends Readable {
  readonly #transmission: Transmission
  readonly #idle: number
  readonly #onIdle: () => void
  #timer: NodeJS.Timeout | undefined
  /** Whether the idle timeout has expired and nothing has been received since. */
  #overdue = false
  #abandoned = false

  /**
   * `idle` is the longest silence of the target in milliseconds, 0 for no limit. `onIdle` is called when it is exceeded, but not while the
   * gateway waits for the client.
   */
  constructor (transmission: Transmission, idle: number, onIdle: () => void) {
    super({ highWaterMark, emitClose: true })
    this.#transmission = transmission
    this.#idle = idle
    this.#onIdle = onIdle
    this.#listen()
  }

  /** Takes a chunk from the target. */
  receive (chunk: Buffer): void {
    this.#overdue = false
    if (this.push(chunk)) {
      this.#timer?.refresh()
      return
    }
    this.#transmission.pause()
    this.#rest()
  }

  /** The response of the target is complete. */
  complete (): void {
    this.#rest()
    this.push(null)
  }

  /** Stops passing the body on. The caller handles the rest of the response. */
  abandon (): void {
    this.#abandoned = true
    this.destroy()
  }

  override _read (): void {
    if (!this.#transmission.paused) return
    this.#listen()
    this.#transmission.resume()
  }

  override _destroy (error: Error | null, callback: (error?: Error | null) => void): void {
    this.#rest()
    // The client has left, so the rest of the response is not needed.
    if (!this.readableEnded && !this.#abandoned) this.#transmission.abort(error ?? new Error('the client has gone'))
    callback(error)
  }

  #listen (): void {
    if (this.#idle > 0) this.#timer ??= setTimeout(() => this.#suspect(), this.#idle)
  }

  /**
   * After a pause of this process the timer fires before bytes that have already arrived are read, so the sockets are read once more first.
   */
  #suspect (): void {
    this.#overdue = true
    setImmediate(() => { if (this.#overdue) this.#onIdle() })
  }

  #rest (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#overdue = false
  }
}
