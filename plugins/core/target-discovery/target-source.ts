/** A source of targets: looks for them again and again, or when it is told to, and remembers what it found last. */

import type { TargetDefinition } from '../../../src/index.ts'
import type { Resolution, Resolver } from './resolution.ts'

/** What is known now. */
export interface SourceState {
  /** Undefined as long as nothing was ever found out. */
  readonly members: readonly TargetDefinition[] | undefined
  /** Why the last look failed; undefined when it did not. */
  readonly failure: string | undefined
}

/** Told after every look. */
export type SourceListener = (state: SourceState, changes: { readonly members: boolean, readonly failure: boolean }) => void

/** When to look again: returns a function that calls it off. */
export type Schedule = (look: () => void, found: Resolution, failures: number) => () => void

/** Lives as long as any generation uses it, and tells all of them. */
export class TargetSource {
  /** Told before all listeners; the newest generation's. */
  reporter: SourceListener | undefined
  /** What it looks with; the newest generation's. */
  look: Resolver
  readonly #schedule: Schedule
  readonly #onStop: () => void
  readonly #listeners = new Set<SourceListener>()
  readonly #first = Promise.withResolvers<void>()
  #state: SourceState = { members: undefined, failure: undefined }
  #failures = 0
  #cancel = (): void => {}
  #started = false
  #stopped = false

  /** Looks for nothing yet. */
  constructor (options: { readonly look: Resolver, readonly schedule: Schedule, readonly onStop?: () => void }) {
    this.look = options.look
    this.#schedule = options.schedule
    this.#onStop = options.onStop ?? (() => {})
  }

  get state (): SourceState {
    return this.#state
  }

  /** Resolves when the first look is over, whatever it found. */
  get looked (): Promise<void> {
    return this.#first.promise
  }

  /** Looks at once, and goes on until {@link stop}. Later calls do nothing. */
  start (): this {
    if (!this.#started) void this.#run()
    this.#started = true
    return this
  }

  /** Nothing is heard any more, also of a look that is under way. */
  stop (): void {
    this.#stopped = true
    this.#cancel()
    this.#onStop()
    this.#first.resolve()
  }

  /** Calls `listener` from the next look on; returns the function that ends it. */
  listen (listener: SourceListener): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  async #run (): Promise<void> {
    const found = await this.look()
    if (this.#stopped) return
    this.#failures = found.failure === undefined ? 0 : this.#failures + 1
    this.#take(found)
    this.#first.resolve()
    this.#cancel = this.#schedule(() => { void this.#run() }, found, this.#failures)
  }

  #take (found: Resolution): void {
    const before = this.#state
    this.#state = { members: found.members ?? before.members, failure: found.failure }
    const changes = {
      members: JSON.stringify(before.members) !== JSON.stringify(this.#state.members),
      failure: before.failure !== this.#state.failure
    }
    this.reporter?.(this.#state, changes)
    for (const listener of this.#listeners) listener(this.#state, changes)
  }
}
