/** A proxy that is measured. */

import type { Place } from './place.ts'

/** How a contender is started. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Files that are written into its folder before, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/** A proxy that is measured. */
export interface Contender {
  readonly name: string
  /** Program that must be on the PATH. */
  readonly program?: string
  /** Whether it is one of the packages below `bench/peers`. */
  readonly peer?: boolean
  /** Whether it is a Node process, which can be profiled. */
  readonly node?: boolean
  /** Whether it refuses requests without a token. */
  readonly guarded?: boolean
  /** File in its folder that gets a line for every request. */
  readonly log?: string
  launch (place: Place): Launch
}
