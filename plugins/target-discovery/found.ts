/** What one look for targets found. */

import type { Member } from '../../src/upstream/target.ts'

export interface Found {
  /** All targets there are now; undefined: not known, those found before stay. */
  readonly members: readonly Member[] | undefined
  /** How long that holds, in milliseconds; undefined when nobody said. */
  readonly validFor?: number | undefined
  /** Why the look failed, in words or as a code; undefined when it did not. */
  readonly failure: string | undefined
}

/** Looks once. Never throws. */
export type Look = () => Promise<Found>
