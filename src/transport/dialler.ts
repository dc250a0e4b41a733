/** Opens connections to one target within the time limit, and reports the result to the load of the target. */

import type { Clock } from '../contract/clock.ts'
import type { NameLookup } from '../dns/names.ts'
import { patiently } from '../scheduling/patient-timer.ts'
import type { KeptLoad } from '../upstream/target-load.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { classify } from './failure.ts'
import type { Opened, Opener } from './open-socket.ts'

/** What a dialler needs in addition to its options. */
export interface DiallerContext {
  readonly names: NameLookup
  /** Receives each connection that is opened, or that cannot be. */
  readonly load: KeptLoad
  readonly clock: Clock
}

/** `C` is what a transport calls a connection: a socket, or a session on one. */
export class Dialler<C extends { destroy (): void }> {
  readonly #options: Pick<ConnectionOptions, 'origin' | 'address' | 'connect'>
  readonly #context: DiallerContext
  readonly #open: Opener<C>
  #check: Promise<boolean> | undefined

  constructor (options: Pick<ConnectionOptions, 'origin' | 'address' | 'connect'>, context: DiallerContext, open: Opener<C>) {
    this.#options = options
    this.#context = context
    this.#open = open
  }

  /** Opens a connection for requests. */
  connect (opened: Opened<C>): void {
    this.#dial((...result) => {
      if (result[0] === null) this.#context.load.connected()
      opened(...result)
    })
  }

  /** Whether the target accepts connections: opens one and closes it again. Concurrent calls share one result. */
  async isReachable (): Promise<boolean> {
    this.#check ??= this.#tryOnce().finally(() => { this.#check = undefined })
    return await this.#check
  }

  async #tryOnce (): Promise<boolean> {
    return await new Promise(resolve => {
      this.#dial((error, connection) => {
        connection?.destroy()
        if (error === null) this.#context.load.reached()
        resolve(error === null)
      })?.unref()
    })
  }

  #dial (opened: Opened<C>): ReturnType<Opener<C>> | undefined {
    const { load, names, clock } = this.#context
    const { connect, origin, address } = this.#options
    const { opened: before } = load
    const failed = (error: NodeJS.ErrnoException): void => {
      markDial(error)
      load.failed(classify(error), before, clock.now())
      // The name may resolve to another address now.
      if (address === undefined) names.doubt(new URL(origin).hostname)
      opened(error, null)
    }
    try {
      const timer = connect === 0 ? undefined : patiently(connect, () => socket.destroy(new ConnectTimeout()))
      const socket = this.#open((error, connection) => {
        timer?.clear()
        if (error === null) opened(null, connection)
        else failed(error)
      })
      return socket
    } catch (error) {
      // Certificates that cannot be read.
      process.nextTick(failed, error)
      return undefined
    }
  }
}

/** The target has not accepted the connection in time. */
class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout'
  readonly code = 'ETIMEDOUT'

  constructor () {
    super('no connection within `timeouts.connect`')
  }
}

/** Marks a connection that breaks in its TLS handshake as one that could not be opened. Node reports a failed read or write. */
function markDial (error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') error.syscall = 'connect'
}
