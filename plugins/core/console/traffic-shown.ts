/** What is shown by name, the same object as long as nothing of it has changed: nothing is compared that is the same, or sent twice. */

export class Shown<T> {
  readonly #last = new Map<string, { readonly state: number, readonly shown: T }>()

  /**
   * The last one where it still holds, otherwise what `make` makes.
   * @param state a number that is another one after each change; NaN for what changes by the time that passes
   */
  of (name: string, state: number, make: () => T): T {
    const last = this.#last.get(name)
    if (last?.state === state) return last.shown
    const shown = make()
    this.#last.set(name, { state, shown })
    return shown
  }

  /** Forgets all. */
  clear (): void {
    this.#last.clear()
  }
}
