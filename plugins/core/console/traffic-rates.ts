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
  #seconds = 0
  /** By row and column. */
  #totals = new Float64Array(0)
  #recent = new Float64Array(0)
  /** By row and slot: whether anything was counted. */
  #used = new Uint8Array(0)
  /** By row: how many slots are used, and how often anything has changed. */
  #busy = new Uint8Array(0)
  #changes = new Float64Array(0)
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
    return this.#seconds
  }

  /** The row of a name; undefined where it has none. */
  find (name: string): number | undefined {
    return this.#rows.get(name)
  }

  /** Gives each of these names a row, and frees those of all others. Returns whether there are others than before. */
  keep (names: ReadonlySet<string>): boolean {
    let changed = false
    for (const [name, row] of this.#rows) {
      if (names.has(name)) continue
      this.#clear(name, row)
      changed = true
    }
    for (const name of names) {
      if (this.#rows.has(name)) continue
      this.#rows.set(name, this.#free.pop() ?? this.#extend())
      changed = true
    }
    return changed
  }

  /** A second is over; the next one begins. @param lasted how many seconds it really took */
  advance (lasted: number): void {
    const [columns, slots] = [this.#columns, this.#slots]
    this.#slot = (this.#slot + 1) % slots
    this.#lasted[this.#slot] = lasted
    this.#seconds = this.#lasted.reduce((sum, seconds) => sum + seconds, 0)
    const [counts, recent] = [this.#counts, this.#recent]
    const rows = recent.length / columns
    for (let row = 0; row < rows; row++) {
      const place = row * slots + this.#slot
      if (this.#used[place] === 0) continue
      this.#used[place] = 0
      this.#busy[row]!--
      this.#changes[row]!++
      const from = place * columns
      for (let column = 0; column < columns; column++) {
        recent[row * columns + column]! -= counts[from + column]!
        counts[from + column] = 0
      }
    }
  }

  /** Adds to what this second has counted. */
  add (row: number, column: number, increase: number): void {
    if (increase === 0) return
    const place = row * this.#slots + this.#slot
    if (this.#used[place] === 0) this.#busy[row]!++
    this.#used[place] = 1
    this.#changes[row]!++
    this.#recent[row * this.#columns + column]! += increase
    this.#counts[place * this.#columns + column]! += increase
  }

  /** Adds to both, what this second has counted and the total. */
  count (row: number, column: number, increase: number, grown: number): void {
    this.add(row, column, increase)
    this.grow(row, column, grown)
  }

  /** What this second has counted. */
  last (row: number, column: number): number {
    return this.#counts[(row * this.#slots + this.#slot) * this.#columns + column]!
  }

  /** What the seconds that are remembered have counted. */
  recent (row: number, column: number): number {
    return this.#recent[row * this.#columns + column]!
  }

  /** What is remembered, per second; 0 before the first second is over. */
  rate (row: number, column: number): number {
    const { seconds } = this
    return seconds === 0 ? 0 : this.recent(row, column) / seconds
  }

  /** A number that grows with each change of the row; NaN while its rates change by the time that passes. */
  state (row: number): number {
    return this.#busy[row] === 0 ? this.#changes[row]! : NaN
  }

  /** What {@link grow} has added since totals began. */
  total (row: number, column: number): number {
    return this.#totals[row * this.#columns + column]!
  }

  grow (row: number, column: number, more: number): void {
    this.#changes[row]!++
    this.#totals[row * this.#columns + column]! += more
  }

  /** All totals begin at 0 again. */
  beginTotals (): void {
    this.#totals.fill(0)
    for (const row of this.#rows.values()) this.#changes[row]!++
  }

  #extend (): number {
    const columns = this.#columns
    const row = this.#rows.size + this.#free.length
    if (row * columns >= this.#totals.length) {
      const rows = Math.max(16, row * 2)
      this.#totals = extended(this.#totals, new Float64Array(rows * columns))
      this.#recent = extended(this.#recent, new Float64Array(rows * columns))
      this.#busy = extended(this.#busy, new Uint8Array(rows))
      this.#changes = extended(this.#changes, new Float64Array(rows))
      this.#used = extended(this.#used, new Uint8Array(rows * this.#slots))
      this.#counts = extended(this.#counts, new Uint32Array(rows * columns * this.#slots))
    }
    return row
  }

  #clear (name: string, row: number): void {
    const [columns, slots] = [this.#columns, this.#slots]
    this.#totals.fill(0, row * columns, (row + 1) * columns)
    this.#recent.fill(0, row * columns, (row + 1) * columns)
    this.#used.fill(0, row * slots, (row + 1) * slots)
    this.#counts.fill(0, row * slots * columns, (row + 1) * slots * columns)
    this.#busy[row] = 0
    this.#changes[row]!++
    this.#rows.delete(name)
    this.#free.push(row)
  }
}

function extended<A extends Float64Array | Uint32Array | Uint8Array> (before: A, after: A): A {
  after.set(before)
  return after
}
