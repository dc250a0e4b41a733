/** A source of targets: looks them up periodically or on a change, and keeps the last result. One thread looks, all know the result. */

import type { TargetDefinition } from '../../../src/index.ts'
import type { Resolution, Resolver } from './resolution.ts'

/** The current result. */
export interface SourceState {
  /** Undefined until the first successful look-up. */
  readonly members: readonly TargetDefinition[] | undefined
  /** Why the last look-up failed; undefined when it did not. */
  readonly failure: string | undefined
}

/** What a look-up has changed. */
export interface SourceChanges {
  readonly members: boolean
  readonly failure: boolean
}

/** The result of a look-up. */
export interface SourceReport {
  readonly state: SourceState
  readonly changes: SourceChanges
}

/** Schedules the next look-up. Returns a function that cancels it. */
export type Schedule = (look: () => void, found: Resolution, failures: number) => () => void

export interface TargetSourceOptions {
  readonly look: Resolver
  readonly schedule: Schedule
  /** Called before the first look-up. */
  readonly onStart?: () => void
  readonly onStop?: () => void
}

/** Lives as long as any generation uses it. */
export class TargetSource {
  /** Called after the first look-up, and after each one that has changed something. */
  reporter: ((report: SourceReport) => void) | undefined
  /** The resolver of the newest generation. */
  look: Resolver
  readonly #schedule: Schedule
  readonly #onStart: () => void
  readonly #onStop: () => void
  readonly #first = Promise.withResolvers<void>()
  #state: SourceState = { members: undefined, failure: undefined }
  #failures = 0
  #looks = 0
  #cancel = (): void => {}
  #started = false
  #stopped = false

  /** Looks for nothing yet. */
  constructor (options: TargetSourceOptions) {
    this.look = options.look
    this.#schedule = options.schedule
    this.#onStart = options.onStart ?? (() => {})
    this.#onStop = options.onStop ?? (() => {})
  }

  get state (): SourceState {
    return this.#state
  }

  /** Resolves when the first look-up is over, whatever its result, and where another thread looks when its result is known here. */
  get looked (): Promise<void> {
    return this.#first.promise
  }

  /** Starts: looks at once, and again until {@link stop}. Later calls do nothing. */
  start (): this {
    if (this.#started) return this
    this.#started = true
    this.#onStart()
    void this.#run()
    return this
  }

  /** Stops. The result of a pending look-up is ignored. */
  stop (): void {
    this.#stopped = true
    this.#cancel()
    this.#onStop()
    this.#first.resolve()
  }

  /** Takes over what another thread has found. */
  learn (state: SourceState): void {
    this.#state = state
    this.#first.resolve()
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
    if (this.#looks++ === 0 || changes.members || changes.failure) this.reporter?.({ state: this.#state, changes })
  }
}
