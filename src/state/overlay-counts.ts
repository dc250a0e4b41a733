/** The counts of a rehearsal: show those of the gateway, and keep changes to themselves. */

import type { Count, KeyedCounts } from '../contract/state.ts'

export class OverlayCount implements Count {
  readonly #base: () => Count | undefined
  #own = 0

  /** @param base returns the count of the gateway; undefined while it has none */
  constructor (base: () => Count | undefined) {
    this.#base = base
  }

  get value (): number {
    return (this.#base()?.value ?? 0) + this.#own
  }

  add (amount: number): void {
    this.#own += amount
  }

  /** Forgets all changes. */
  renew (): void {
    this.#own = 0
  }
}

export class OverlayCounts implements KeyedCounts {
  readonly #base: () => KeyedCounts | undefined
  /** What the rehearsal has added, by key. */
  readonly #own = new Map<string, number>()

  /** @param base returns the counts of the gateway; undefined while it has none */
  constructor (base: () => KeyedCounts | undefined) {
    this.#base = base
  }

  get size (): number {
    return this.#base()?.size ?? 0
  }

  of (key: string): number {
    return (this.#base()?.of(key) ?? 0) + (this.#own.get(key) ?? 0)
  }

  enter (key: string, most: number): string | undefined {
    if (this.of(key) >= most) return undefined
    this.#own.set(key, (this.#own.get(key) ?? 0) + 1)
    return key
  }

  leave (counted: string): void {
    this.#own.set(counted, (this.#own.get(counted) ?? 0) - 1)
  }

  entries (): Iterable<[string, number]> {
    return this.#base()?.entries() ?? []
  }

  /** Forgets all changes. */
  renew (): void {
    this.#own.clear()
  }
}
