/** Opens connections to one target, verifies its certificate, and reports the result to the load of the target. */

import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'
import type { Clock } from '../../contract/clock.ts'
import type { NameLookup } from '../../dns/names.ts'
import { keepReadable } from '../../internals/node-socket-writes.ts'
import { openWith } from '../../internals/undici-connector-socket.ts'
import { patchParser } from '../../internals/undici-response-parser.ts'
import { noteUseOnError } from '../../internals/undici-socket-errors.ts'
import { patiently } from '../../scheduling/patient-timer.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { classify } from '../failure.ts'
import type { KeptLoad } from '../../upstream/target-load.ts'

/** What a dialler needs in addition to its options. */
export interface DiallerContext {
  readonly names: NameLookup
  /** Receives each connection that is opened, or that cannot be. */
  readonly load: KeptLoad
  readonly clock: Clock
}

export class Dialler {
  readonly #options: ConnectionOptions
  readonly #context: DiallerContext
  readonly #connector: buildConnector.connector
  #check: Promise<boolean> | undefined

  constructor (options: ConnectionOptions, context: DiallerContext) {
    const { tls } = options
    this.#options = options
    this.#context = context
    this.#connector = buildConnector({
      // undici's own timer is coarse: it can be half a second late or more.
      timeout: 0,
      lookup: context.names.lookup,
      rejectUnauthorized: tls.verify,
      ...(tls.ca === undefined ? {} : { ca: tls.ca.trim() }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert.trim() }),
      ...(tls.key === undefined ? {} : { key: tls.key.trim() }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName })
    })
  }

  /** Opens a connection. undici calls it. */
  readonly connect: buildConnector.connector = (target, callback) => {
    this.#dial(target, (...result) => {
      const [error, opened] = result
      if (error === null) {
        this.#context.load.connected()
        noteUseOnError(opened)
        // A target that rejects an upload responds and closes: what is still written to it fails, and its response is
        // to be read all the same.
        keepReadable(opened)
      }
      callback(...result)
      if (error === null) patchParser(opened)
    })
  }

  /** Whether the target accepts connections: opens one and closes it again. Concurrent calls share one result. */
  async isReachable (): Promise<boolean> {
    this.#check ??= this.#tryOnce().finally(() => { this.#check = undefined })
    return await this.#check
  }

  async #tryOnce (): Promise<boolean> {
    const { host, hostname, protocol, port } = new URL(this.#options.origin)
    return await new Promise(resolve => {
      const dialled = this.#dial({ host, hostname, protocol, port }, (error, opened) => {
        opened?.destroy()
        if (error === null) this.#context.load.reached()
        resolve(error === null)
      })
      dialled.unref()
    })
  }

  #dial (target: buildConnector.Options, callback: buildConnector.Callback): Socket {
    const { load, names, clock } = this.#context
    const { connect, address } = this.#options
    const { opened: before } = load
    const timer = connect === 0 ? undefined : patiently(connect, () => socket.destroy(new errors.ConnectTimeoutError()))
    const socket = openWith(this.#connector, address === undefined ? target : { ...target, hostname: address }, (...result) => {
      timer?.clear()
      const [error] = result
      if (error !== null) {
        markDial(error)
        load.failed(classify(error), before, clock.now())
        // The name may resolve to another address now.
        if (address === undefined) names.doubt(target.hostname)
      }
      callback(...result)
    })
    return socket
  }
}

/** Marks a connection that breaks in its TLS handshake as one that could not be opened. Node reports a failed read or write. */
function markDial (error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') error.syscall = 'connect'
}
