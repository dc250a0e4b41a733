/** Who listens to a task: the holders that have started it. */

/** The part of a holder in a task. */
export interface TaskListener {
  readonly hear?: ((message: unknown) => void) | undefined
  readonly learn?: ((message: unknown) => void) | undefined
}

export class TaskListeners {
  /** Oldest first. */
  readonly #all: TaskListener[] = []

  /** Whether one of them learns. */
  get learning (): boolean {
    return this.#all.some(({ learn }) => learn !== undefined)
  }

  /** Adds the newest one. Returns what removes it. */
  add ({ hear, learn }: TaskListener): () => void {
    const listener = { hear, learn }
    this.#all.push(listener)
    return () => { this.#all.splice(this.#all.indexOf(listener), 1) }
  }

  /** The newest one hears: what happens is told once. */
  hear (message: unknown): void {
    this.#all.at(-1)?.hear?.(message)
  }

  /** All of them learn: the newest one may never serve, and the older ones finish what they have. */
  learn (message: unknown): void {
    for (const { learn } of this.#all) learn?.(message)
  }
}
