/** What the control thread and a data thread say to each other about configurations, listeners and their end. */

import type { Problem } from '../config/check/problem.ts'
import type { FileCopies } from '../config/read/file-copies.ts'
import type { KeptFiles } from '../config/read/kept-files.ts'
import type { Override } from '../config/read/overrides.ts'
import type { SeenFiles } from '../config/read/text-file.ts'
import type { Signature } from '../contract/operator.ts'
import type { RehearsalRequest } from '../contract/rehearsal.ts'
import type { RestoreOrder } from '../contract/reload-history.ts'
import type { ListenOptions } from '../gateway/gateway-options.ts'
import type { OpenListener } from '../gateway/public-listeners.ts'
import type { LogLevel } from '../logging/log-levels.ts'

/** What a data thread is started with. */
export interface ThreadStart {
  /** From 1 on. */
  readonly number: number
  /** Where Node keeps compiled code; undefined where it keeps none. */
  readonly compileCache: string | undefined
  /** How many data threads there are. */
  readonly count: number
  readonly board: SharedArrayBuffer
  /** The memory of state. */
  readonly memory: SharedArrayBuffer
  readonly clockOrigin: bigint
  /** The path of the configuration. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly overrides: readonly Override[]
}

/** A configuration to build. It serves when the board names its number. */
export interface BuildOrder {
  readonly number: number
  /** Its texts as the control thread has read them. */
  readonly kept: KeptFiles
  /** Other files that it refers to, as the control thread has read them. */
  readonly files: FileCopies
  /** The code of its plugins as the control thread has loaded it. */
  readonly code: SeenFiles
}

/** Why a thread could not build a configuration. */
export interface BuildFailure {
  readonly message: string
  /** Of the configuration, with their places. */
  readonly problems: readonly Problem[]
}

/** Where to listen. */
export interface OpenOrder {
  /** In place of what the configuration says; at the start only. */
  readonly listen: ListenOptions
  /** Listeners that other threads have opened already. */
  readonly known: OpenListeners
}

/** Listeners for clients that are open, by their names. */
export type OpenListeners = ReadonlyMap<string, OpenListener>

/** The channels of the kernel. */
export const channels = {
  /** Question: {@link BuildOrder}; answer: undefined, or {@link BuildFailure}. */
  build: 'build',
  /** Question: {@link OpenOrder}; answer: {@link OpenListeners} of the thread. Opens those that are new with what was built last. */
  open: 'open',
  /** Message: the configuration just built serves. */
  commit: 'commit',
  /** Question: closes the configuration just built, which will not serve. */
  drop: 'drop',
  /** Question: stops accepting clients. */
  stop: 'stop',
  /** Question: milliseconds for requests in flight; answer: how many were cut. Closes everything. */
  close: 'close',
  /** Question: {@link ControlCall}; answer: its result. */
  control: 'control'
} as const

/** What a data thread asks of the gateway for its plugins. */
export type ControlCall =
  | { readonly call: 'reload', readonly trigger: string, readonly who: Signature | RestoreOrder | undefined }
  | { readonly call: 'restore', readonly number: number, readonly order: RestoreOrder }
  | { readonly call: 'explain', readonly request: RehearsalRequest }
  | { readonly call: 'setLogLevel', readonly level: LogLevel, readonly who: Signature | undefined }
