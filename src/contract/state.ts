/** State that outlives a generation, as numbers: cells, tables of cells by key, and counts. All threads of a gateway have the same. */

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
 * Between `acquire` and `release` of a key no other thread finds, adds, changes or removes its row. All other functions that take a key
 * must be called in between.
 */
export interface StateTable {
  /** Number of rows. */
  readonly size: number
  /**
   * Waits until no other thread has this key. One key at a time, and beside it the empty key, which stands for all that have no row of
   * their own. Never across an `await`.
   */
  acquire (key: string): void
  /** Lets go of the key that was acquired last. */
  release (): void
  /** The row of a key; undefined when it has none. A row is valid until the key is released. */
  find (key: string): Row | undefined
  /**
   * All keys and their rows, to be read, in no order. Adding and removing rows meanwhile is safe. Where threads share the table, keys of
   * more than 39 bytes are cut and end with an ellipsis.
   */
  entries (): Iterable<[string, Row]>
  /** Whether a new key may get a row. Looks for a few rows that may be removed. */
  room (now: number): boolean
  /** Adds the row of a key that has none, with the numbers of a new row. */
  add (key: string): Row
  /** Removes the row of a key. */
  remove (key: string): void
  /**
   * Removes every row that `entries` shows under this key: more than one where keys are cut to the same text. Looks at all rows, and needs
   * no key. Returns how many there were.
   */
  removeShown (key: string): number
  /** Looks at the next `count` rows, in a cycle, and removes those whose time is over. Needs no key. */
  sweep (now: number, count: number): void
}

/**
 * Makes a sequence of steps indivisible for other threads. What is read and then written needs one; so does what must be consistent over
 * several cells. With one thread it does nothing.
 *
 * State of an upstream and its targets has one already: see {@link Upstream.lock}.
 */
export interface Lock {
  /** Waits until no other thread has it. A thread may acquire it again; each call needs one of `release`. Never across an `await`. */
  acquire (): void
  release (): void
}

/** A number that all threads add to, such as requests in progress. What a thread has added goes with the thread when it dies. */
export interface Count {
  /** The sum over all threads. */
  readonly value: number
  /** How many threads have died so far. Undefined where there is one thread only. */
  readonly lost?: number
  /** Adds to the part of this thread; a negative amount takes back. Of two threads that add and then read, at least one sees both. */
  add (amount: number): void
}

/** Says which counts are meant. */
export interface CountsDefinition extends Identity {
  /** The most keys at once. */
  readonly keys: number
}

/**
 * Counts by key, such as requests of a client in progress. A key whose count is 0 is removed. What a thread has added goes with the thread
 * when it dies. Beyond the most keys further ones share one count.
 */
export interface KeyedCounts {
  /** Number of keys. */
  readonly size: number
  /** The count of a key. */
  of (key: string): number
  /**
   * Adds one, unless the key has `most` already. Returns the key under which it was counted, for one call of `leave` in the same thread;
   * undefined where it was not.
   */
  enter (key: string, most: number): string | undefined
  /** Takes one back. @param counted what `enter` returned */
  leave (counted: string): void
  /** All keys and their counts, in no order. Keys are cut as those of a table. */
  entries (): Iterable<[string, number]>
}

/** A row: its numbers are in `cells`, from `at` on. */
export interface Row {
  readonly cells: Float64Array
  readonly at: number
}
