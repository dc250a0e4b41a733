/** Counts by name: since the start, in the last second, and in the last few seconds. */

/** Rows of counts. All of them have the same columns, and time is the same for all. */
export class Rates {
  readonly #columns: number
  readonly #slots: number
  /** Seconds that each slot has lasted; 0 for none. */
  readonly #lasted: number[]
  readonly #rows = new Map<string, number>()
  readonly #free: number[] = []
  #slot = 0
  /** By row and column. */
  #totals = new Float64Array(0)
  #recent = new Float64Array(0)
  /** By row, slot and column. A slot of one second holds no more than 2³² of anything. */
  #counts = new Uint32Array(0)

  /** @param slots how many seconds are remembered */
  constructor (columns: number, slots: number) {
    this.#columns = columns
    this.#slots = slots
    this.#lasted = Array.from({ length: slots }, () => 0)
  }

  /** How many seconds are remembered at the moment. */
  get seconds (): number {
    return this.#lasted.reduce((sum, seconds) => sum + seconds, 0)
  }

  /** The row of a name; undefined where it has none. */
  find (name: string): number | undefined {
    return this.#rows.get(name)
  }

  /** Gives each of these names a row, and frees those of all others. */
  keep (names: ReadonlySet<string>): void {
    for (const [name, row] of this.#rows) if (!names.has(name)) this.#clear(name, row)
    for (const name of names) if (!this.#rows.has(name)) this.#rows.set(name, this.#free.pop() ?? this.#grow())
  }

  /** A second is over; the next one begins. @param lasted how many seconds it really took */
  advance (lasted: number): void {
    const [columns, slots] = [this.#columns, this.#slots]
    this.#slot = (this.#slot + 1) % slots
    this.#lasted[this.#slot] = lasted
    const [counts, recent] = [this.#counts, this.#recent]
    const rows = recent.length / columns
    for (let row = 0; row < rows; row++) {
      const from = (row * slots + this.#slot) * columns
      for (let column = 0; column < columns; column++) {
        if (counts[from + column] === 0) continue
        recent[row * columns + column]! -= counts[from + column]!
        counts[from + column] = 0
      }
    }
  }

  /** Adds to what this second has counted. */
  add (row: number, column: number, increase: number): void {
    if (increase === 0) return
    this.#recent[row * this.#columns + column]! += increase
    this.#counts[(row * this.#slots + this.#slot) * this.#columns + column]! += increase
  }

  /** What this second has counted. */
  last (row: number, column: number): number {
    return this.#counts[(row * this.#slots + this.#slot) * this.#columns + column]!
  }

  /** What the seconds that are remembered have counted. */
  recent (row: number, column: number): number {
    return this.#recent[row * this.#columns + column]!
  }

  /** A number of one's own for each row and column, such as a total. It begins at 0. */
  total (row: number, column: number): number {
    return this.#totals[row * this.#columns + column]!
  }

  setTotal (row: number, column: number, total: number): void {
    this.#totals[row * this.#columns + column] = total
  }

  /** Sets a column of totals to 0 in all rows. */
  clearTotals (column: number): void {
    for (let at = column; at < this.#totals.length; at += this.#columns) this.#totals[at] = 0
  }

  #grow (): number {
    const columns = this.#columns
    const row = this.#rows.size + this.#free.length
    if (row * columns >= this.#totals.length) {
      const rows = Math.max(16, row * 2)
      this.#totals = extended(this.#totals, new Float64Array(rows * columns))
      this.#recent = extended(this.#recent, new Float64Array(rows * columns))
      this.#counts = extended(this.#counts, new Uint32Array(rows * columns * this.#slots))
    }
    return row
  }

  #clear (name: string, row: number): void {
    const [columns, slots] = [this.#columns, this.#slots]
    this.#totals.fill(0, row * columns, (row + 1) * columns)
    this.#recent.fill(0, row * columns, (row + 1) * columns)
    this.#counts.fill(0, row * slots * columns, (row + 1) * slots * columns)
    this.#rows.delete(name)
    this.#free.push(row)
  }
}

function extended<A extends Float64Array | Uint32Array> (before: A, after: A): A {
  after.set(before)
  return after
}
