/** `app.gateway.control` in a data thread: what the gateway is as a whole, and the way to ask it for something. */

import type { FastifyBaseLogger } from 'fastify'
import { effectiveConfig } from '../config/show/effective.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { Link } from '../contract/link.ts'
import type { Signature } from '../contract/operator.ts'
import type { ReloadVerdict, RestoreOrder } from '../contract/reload-history.ts'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { GatewayListeners } from '../gateway/gateway-listeners.ts'
import type { Generations } from '../gateway/generations.ts'
import type { LogLevel } from '../logging/log-levels.ts'
import type { ThreadBoard } from './board.ts'
import { channels, type ControlCall } from './protocol.ts'

/** The parts of a thread that it reads. The first generation is built without some of them. */
export interface ThreadParts {
  readonly log: () => FastifyBaseLogger
  readonly generations: () => Generations | undefined
  readonly listeners: () => GatewayListeners | undefined
}

const none = { open: 0, lingering: 0, most: 0 }

export class ThreadControl implements GatewayControl {
  readonly #link: Link
  readonly #board: ThreadBoard
  readonly #parts: ThreadParts

  constructor (link: Link, board: ThreadBoard, parts: ThreadParts) {
    this.#link = link
    this.#board = board
    this.#parts = parts
  }

  get generation (): number {
    return this.#board.generation
  }

  readonly loadedAt = Date.now()
  // What has become of reloads, and of other threads, is known in the control thread.
  readonly refused = undefined
  readonly warnings = []
  readonly reloads = { ok: 0, refused: 0 }
  readonly threads = []
  readonly history = { records: [], serving: undefined, effective: async () => await Promise.resolve(undefined) }

  get draining (): boolean {
    return this.#board.draining
  }

  /** Those of this thread. */
  get inFlight (): number {
    return this.#parts.generations()?.inFlight ?? 0
  }

  /** Those of this thread. */
  get tunnels (): number {
    return this.#parts.generations()?.tunnels ?? 0
  }

  get connections (): GatewayControl['connections'] {
    return this.#parts.listeners()?.connections ?? { public: none, admin: none }
  }

  get certificates (): GatewayControl['certificates'] {
    return this.#parts.listeners()?.certificates ?? []
  }

  /** Those of this thread. */
  get handshakes (): GatewayControl['handshakes'] {
    return this.#parts.listeners()?.handshakes ?? { underWay: 0, full: 0, resumed: 0, failed: {} }
  }

  async reload (trigger: string, who?: Signature | RestoreOrder): Promise<ReloadVerdict> {
    return await this.#call({ call: 'reload', trigger, who }) as ReloadVerdict
  }

  async restore (number: number, order: RestoreOrder): Promise<ReloadVerdict> {
    return await this.#call({ call: 'restore', number, order }) as ReloadVerdict
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#call({ call: 'explain', request }) as Rehearsal
  }

  get logLevel (): LogLevel {
    return this.#parts.log().level as LogLevel
  }

  setLogLevel (level: LogLevel, who?: Signature): void {
    void this.#call({ call: 'setLogLevel', level, who })
  }

  effectiveConfig (): unknown {
    return effectiveConfig(this.#parts.generations()!.current.loaded)
  }

  locate (pointer: string): ReturnType<GatewayControl['locate']> {
    return this.#parts.generations()!.current.loaded.document.locate(pointer)
  }

  async #call (call: ControlCall): Promise<unknown> {
    return await this.#link.ask(channels.control, call)
  }
}
