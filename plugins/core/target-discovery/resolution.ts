/** The result of one look-up of targets. */

import type { TargetDefinition } from '../../../src/index.ts'

export interface Resolution {
  /** All current targets; undefined when unknown, so that the previous ones stay. */
  readonly members: readonly TargetDefinition[] | undefined
  /** How long the result is valid, in milliseconds; undefined when unknown. */
  readonly validFor?: number | undefined
  /** Why the look-up failed, in words or as a code; undefined when it did not. */
  readonly failure: string | undefined
}

/** Looks up the targets once. Never throws. */
export type Resolver = () => Promise<Resolution>
