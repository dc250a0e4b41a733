/** State that outlives a generation, as numbers: cells, and tables of cells by key. */

/** What a piece of state, a resource or a task is. Same `kind`, `key` and `options` mean the same one; anything else is another one. */
export interface Identity {
  /** The concern that owns it, such as `circuit-breaking`. */
  readonly kind: string
  /** Its identity inside the concern, such as an upstream and a target. */
  readonly key: string
  /** What it was made with. Compared by value, so it must be plain data, and not secret. */
  readonly options?: unknown
}

/** Says which cells are meant, and what they contain when they are new. */
export interface StateDefinition extends Identity {
  /** The numbers of new state; or how many cells there are, each 0. The number of cells is part of the identity. */
  readonly cells: number | readonly number[]
}

/** Says which table is meant. */
export interface TableDefinition extends Identity {
  readonly table: {
    /** The most rows. */
    readonly rows: number
    /**
     * The numbers of a new row. The first one is the time from which the row equals a new one, and may be removed: -Infinity in a new row,
     * Infinity for a row that must stay.
     */
    readonly cells: readonly number[]
  }
}

/**
 * Rows of numbers by key. A row in use is never removed, or a client could reset its limit by filling the table. When the table is full of
 * rows in use, `room` is false and the caller decides what to do with a new key.
 *
 * The directory from keys to rows belongs to one thread: keys are compared exactly, as text. The rows are cells.
 */
export interface StateTable {
  /** Number of rows. */
  readonly size: number
  /** The row of a key; undefined when it has none. A row is valid until the event-loop tick ends. */
  find (key: string): Row | undefined
  /** All keys and their rows, in no order. Adding and removing rows meanwhile is safe. */
  entries (): Iterable<[string, Row]>
  /** Whether a new key may get a row. Looks for a few rows that may be removed. */
  room (now: number): boolean
  /** Adds the row of a key that has none, with the numbers of a new row. */
  add (key: string): Row
  /** Removes the row of a key. */
  remove (key: string): void
  /** Looks at the next `count` rows, in a cycle, and removes those whose time is over. */
  sweep (now: number, count: number): void
}

/** A row: its numbers are in `cells`, from `at` on. */
export interface Row {
  readonly cells: Float64Array
  readonly at: number
}
