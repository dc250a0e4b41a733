/** State that outlives a generation, as plugins take it. */

import type { Holder } from './holder.ts'

/** Says what a piece of state is. Same `kind`, `key` and `options` → the same state; anything else → fresh state. */
export interface LeaseDefinition<T> {
  /** The concern that owns it, such as `circuit-breaking`. */
  readonly kind: string
  /** Its identity inside the concern, such as an upstream and a target. */
  readonly key: string
  /** What it was made with; compared by value, so it must be plain data. */
  readonly options?: unknown
  /**
   * Makes the state. What it keeps of the generation that takes it first stays alive with it, and in force, over all
   * that follow: nothing of a generation but its clock, its random numbers and other leases. What changes with a
   * generation, such as its log, is given to the state after each take.
   */
  create (): T
  /** A copy for rehearsals: reads see today's state, writes are never seen outside. Absent → a fresh `create()`. */
  fork? (state: T): T
  /** Called once, when the last holder has let go: that of the last holder, so it must need nothing but the state. */
  close? (state: T): void | Promise<void>
}

/** What a generation sees of the leases: it takes, and at its end lets go of everything at once. */
export interface LeaseHolder extends Holder {
  take<T> (definition: LeaseDefinition<T>): T
  /** Lets go of one piece of state before the rest, such as that of a target that left. */
  drop (definition: LeaseDefinition<never>): Promise<void>
  /**
   * A holder inside this one, for what may end earlier, such as a target: it lets go when it is released, and
   * at the latest with this one.
   */
  readonly hold: () => LeaseHolder
  release (): Promise<void>
}
