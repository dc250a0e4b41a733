/** What one look for targets found. */

import type { TargetDefinition } from '../../../src/index.ts'

export interface Resolution {
  /** All targets there are now; undefined: not known, those found before stay. */
  readonly members: readonly TargetDefinition[] | undefined
  /** How long that holds, in milliseconds; undefined when nobody said. */
  readonly validFor?: number | undefined
  /** Why the look failed, in words or as a code; undefined when it did not. */
  readonly failure: string | undefined
}

/** Looks once. Never throws. */
export type Resolver = () => Promise<Resolution>
