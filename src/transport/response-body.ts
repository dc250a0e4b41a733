/** A target's body on its way to the client: a Readable with backpressure down to the target's socket and a bound on silence. */

import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

/** Bytes held for a slow client before the target is asked to wait. */
const highWaterMark = 64 * 1024

export class ResponseBody extends Readable {
  readonly #controller: Dispatcher.DispatchController
  readonly #idle: number
  readonly #onIdle: () => void
  #timer: NodeJS.Timeout | undefined
  /** Whether the time is over and nothing has been received since. */
  #overdue = false
  #abandoned = false

  /** `idle` is the longest silence in milliseconds, 0 for none; `onIdle` is called when it is exceeded, but never while the client is the slow one. */
  constructor (controller: Dispatcher.DispatchController, idle: number, onIdle: () => void) {
    super({ highWaterMark, emitClose: true })
    this.#controller = controller
    this.#idle = idle
    this.#onIdle = onIdle
    this.#listen()
  }

  /** Bytes from the target. */
  receive (chunk: Buffer): void {
    this.#overdue = false
    if (this.push(chunk)) {
      this.#timer?.refresh()
      return
    }
    this.#controller.pause()
    this.#rest()
  }

  /** The target's answer is complete. */
  complete (): void {
    this.#rest()
    this.push(null)
  }

  /** Nobody reads any more, and whoever feeds it knows. */
  abandon (): void {
    this.#abandoned = true
    this.destroy()
  }

  override _read (): void {
    if (!this.#controller.paused) return
    this.#listen()
    this.#controller.resume()
  }

  override _destroy (error: Error | null, callback: (error?: Error | null) => void): void {
    this.#rest()
    // Nobody reads any more, so the target need not go on.
    if (!this.readableEnded && !this.#abandoned) this.#controller.abort(error ?? new Error('the client has gone'))
    callback(error)
  }

  #listen (): void {
    if (this.#idle > 0) this.#timer ??= setTimeout(() => this.#suspect(), this.#idle)
  }

  /** After a pause of this very process the timer is due before bytes that have long been there are read: so one look at the sockets first. */
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
