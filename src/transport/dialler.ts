/** Opens connections to one target, verifies its certificate, and tells the load of the target what came of it. */

import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'
import type { Clock } from '../contract/clock.ts'
import type { NameLookup } from '../dns/names.ts'
import { patiently } from '../scheduling/patient-timer.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { readEarlyAnswers } from './early-response.ts'
import { classify, type SocketUse } from './failure.ts'
import type { LeasedLoad } from '../upstream/target-load.ts'
import { patchParser } from './response-parser.ts'

/** What a dialler needs beside its options. */
export interface DiallerContext {
  readonly names: NameLookup
  /** Told of each connection that is opened, or that cannot be. */
  readonly load: LeasedLoad
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
      // Its own timer is coarse: half a second and more too late.
      timeout: 0,
      lookup: context.names.lookup,
      rejectUnauthorized: tls.verify,
      ...(tls.ca === undefined ? {} : { ca: tls.ca.trim() }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert.trim() }),
      ...(tls.key === undefined ? {} : { key: tls.key.trim() }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName })
    })
  }

  /** Opens a connection, as undici asks for one. */
  readonly connect: buildConnector.connector = (target, callback) => {
    this.#dial(target, (...result) => {
      const [error, opened] = result
      if (error === null) {
        this.#context.load.connected()
        opened.once('error', tellUse)
        readEarlyAnswers(opened)
      }
      callback(...result)
      if (error === null) patchParser(opened)
    })
  }

  /** Whether the target takes connections: opens one and closes it again. Those who ask at once share the answer. */
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
    // It does return the socket, whatever its type says.
    const socket = this.#connector(address === undefined ? target : { ...target, hostname: address }, (...result) => {
      timer?.clear()
      const [error] = result
      if (error !== null) {
        markDial(error)
        load.failed(classify(error), before, clock.now())
        // The name may have moved to another address.
        if (address === undefined) names.doubt(target.hostname)
      }
      callback(...result)
    }) as unknown as Socket
    return socket
  }
}

/** A connection that breaks in its TLS handshake never was one, as little as one that is reset before; Node says that a read or a write failed. */
function markDial (error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') error.syscall = 'connect'
}

/** undici says of the errors it makes itself how much the socket had been used; all must say it, and whether a body was being written, for who judges the target. */
function tellUse (this: Socket, error: Error & { socket?: SocketUse }): void {
  error.socket = { bytesRead: this.bytesRead, writing: this.writableLength > 0 }
}
