/** Opens a server on a place, and notes when it cannot accept connections. */

import { chmod } from 'node:fs/promises'
import type { Server } from 'node:net'
import type { ListenerPlace } from '../config/listeners.ts'
import { removeDeadSocket } from './dead-socket.ts'

export class Accepting {
  readonly #server: Server
  readonly #failed: (error: Error, times: number) => void
  #failure: Error | undefined
  #failures = 0

  /** `failed` is called by {@link report}. */
  constructor (server: Server, failed: (error: Error, times: number) => void) {
    this.#server = server
    this.#failed = failed
  }

  /** Starts to listen. Rejects with Node's error, such as EADDRINUSE. */
  async open (place: ListenerPlace): Promise<void> {
    const path = 'socket' in place ? place.socket : undefined
    if (path !== undefined) await removeDeadSocket(path)
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(path === undefined ? place : { path }, () => { this.#server.off('error', reject); resolve() })
    })
    if ('mode' in place && place.mode !== undefined) await chmod(place.socket, place.mode)
    // Accepting can fail at any time, for example without a free file descriptor.
    this.#server.on('error', error => {
      this.#failure = error
      this.#failures++
    })
  }

  /** Reports the failures since the last report, if there were any. */
  report (): void {
    if (this.#failure === undefined) return
    this.#failed(this.#failure, this.#failures)
    this.#failure = undefined
    this.#failures = 0
  }
}
