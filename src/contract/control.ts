/** The running gateway as operators see it: its state, and what they may ask of it. */

import type { Position } from '../config/check/problem.ts'
import type { LogLevel } from '../logging/log-levels.ts'
import type { Signature } from './operator.ts'
import type { ReloadHistory, ReloadVerdict, RestoreOrder } from './reload-history.ts'
import type { Rehearsal, RehearsalRequest } from './rehearsal.ts'

/** A certificate of a listener. Times in milliseconds since 1970. */
export interface ServedCertificate {
  readonly listener: string
  readonly hosts: readonly string[]
  readonly from: number
  readonly to: number
  /** Whether it should have been renewed already, or has expired. */
  readonly expiring: boolean
}

/** Numbers of TLS handshakes. */
export interface HandshakeCounts {
  readonly underWay: number
  readonly full: number
  /** Those of clients that came back. */
  readonly resumed: number
  /** By reason. */
  readonly failed: Readonly<Record<string, number>>
}

/** One of several threads that serve clients. */
export interface ServingThread {
  /** From 1 on. One that replaces another has its number. */
  readonly number: number
  /** `silent`: its event loop has not turned for a while. */
  readonly state: 'starting' | 'serving' | 'draining' | 'silent'
  /** When it began, milliseconds since 1970. */
  readonly since: number
  /** How many threads of this number it has replaced, one after the other. */
  readonly restarts: number
  /** Open connections of clients. */
  readonly connections: number
}

/** What the running gateway says of itself, and what operators may ask of it. */
export interface GatewayControl {
  /** Counts up with every configuration that took over. */
  readonly generation: number
  /** When the current configuration took over, milliseconds since 1970. */
  readonly loadedAt: number
  readonly draining: boolean
  /** The threads that serve clients, by number; none where one thread does everything. */
  readonly threads: readonly ServingThread[]
  /** Requests whose answers have not ended, those that an earlier configuration still serves included. */
  readonly inFlight: number
  /** Open WebSockets, which are no requests in flight. */
  readonly tunnels: number
  /**
   * Connections of clients by listener: those that are open, those of them that are being closed while their
   * clients still send, and how many there may be (Infinity for no limit).
   */
  readonly connections: Readonly<Record<'public' | 'admin', { readonly open: number, readonly lingering: number, readonly most: number }>>
  /** The certificates of the listeners, in the order of the configuration. */
  readonly certificates: readonly ServedCertificate[]
  /** TLS handshakes of clients: those under way, and how all before have ended. With several threads, those of this one. */
  readonly handshakes: HandshakeCounts
  /** The problems of the last reload that was refused; undefined when the last one took over. Restoring one changes nothing here. */
  readonly refused: { readonly at: number, readonly problems: readonly string[] } | undefined
  readonly warnings: readonly string[]
  /** The latest configurations, served or refused. None in a data thread. */
  readonly history: ReloadHistory
  /** Loads the file again and takes over when it is sound. Resolves when it is decided. @param who the operator who asked, and why */
  reload (trigger: string, who?: Signature | RestoreOrder): Promise<ReloadVerdict>
  /**
   * Serves the configuration of a record of {@link history} again, until the next change of the file or the next reload. Its YAML is that
   * of then; variables, secrets in files, certificates and code of plugins are those of now. Resolves when it is decided.
   * @throws RangeError where it is not kept
   */
  restore (number: number, order: RestoreOrder): Promise<ReloadVerdict>
  /** Rehearses a request: the real pipeline, nothing sent, no state changed. */
  explain (request: RehearsalRequest): Promise<Rehearsal>
  /** Configurations that took over and that were refused, since the start. */
  readonly reloads: { readonly ok: number, readonly refused: number }
  /** Least severe level that is written. */
  readonly logLevel: LogLevel
  /** Changes it until the next configuration takes over. @param who the operator who asked for it */
  setLogLevel (level: LogLevel, who?: Signature): void
  /** The effective configuration, secrets redacted. */
  effectiveConfig (): unknown
  /** Where an entry of the configuration that serves is written; undefined where no file has it. @param pointer RFC 6901 */
  locate (pointer: string): Position | undefined
}
