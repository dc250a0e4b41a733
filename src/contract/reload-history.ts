/** The configurations that a gateway has served or refused, as operators see them. */

import type { Signature } from './operator.ts'

/** Until when a configuration serves that was restored, in words. */
export const untilNextReload = 'the file on disk is not in use: its next change, or the next reload, takes over'

/** Why a configuration is loaded; signed where an operator asked for it. */
export interface ReloadCause extends Partial<Signature> {
  /** `start`, `file`, `SIGHUP`, `admin`, `program` or `restore`; a plugin may have a word of its own. */
  readonly trigger: string
  readonly reason?: string | undefined
  /** The number of the record whose configuration is restored. */
  readonly restores?: number | undefined
}

/** A configuration that took over, or was refused. */
export interface ReloadRecord extends ReloadCause {
  /** Counts up from 1, by one with each that took over or was refused. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly at: number
  /** The file that it was read from; undefined where a program gave it, and for one that was refused. */
  readonly file?: string | undefined
  /** How many files that one includes. */
  readonly included?: number
  /** The number of the generation that it became; undefined for one that was refused. */
  readonly generation: number | undefined
  /** Why it was refused, with the lines of the file and without secrets. */
  readonly problems: readonly string[]
}

/** A configuration as it would be written, with all defaults and without secrets. */
export interface EffectiveConfiguration {
  readonly value: Readonly<Record<string, unknown>>
  /** Writes it as YAML, in pieces. @param part sections of it; all unless given */
  readonly yaml: (part?: Readonly<Record<string, unknown>>) => Promise<string>
}

/** The latest of them: bounded in number and in bytes, the oldest are forgotten. Known in the thread that reads the configuration. */
export interface ReloadHistory {
  /** The oldest first. */
  readonly records: readonly ReloadRecord[]
  /** The record of the configuration that serves; undefined before the first one serves. */
  readonly serving: ReloadRecord | undefined
  /** The effective configuration of a record, without secrets; undefined for one that was refused, or is forgotten. */
  effective (number: number): Promise<EffectiveConfiguration | undefined>
}

/** Why an operator restores a configuration. */
export interface RestoreOrder extends Signature {
  readonly reason: string | undefined
}

/** What has become of a request to load a configuration. */
export interface ReloadVerdict {
  readonly ok: boolean
  readonly problems: readonly string[]
}
