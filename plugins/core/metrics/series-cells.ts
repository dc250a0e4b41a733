/** Memory for the numbers of series: cells in blocks, which other threads may read. */

/** Cells in a block. */
const cellsInBlock = 4096

/** The cells of one series: those of a block from `at` on. */
export interface Place {
  readonly block: number
  readonly cells: Float64Array
  readonly at: number
}

/** Hands out cells, each of them 0. Those that are given back are used again. */
export class SeriesCells {
  readonly #create: (bytes: number) => ArrayBufferLike
  readonly #opened: (block: number, cells: Float64Array) => void
  /** Places that were given back, by their number of cells. */
  readonly #free = new Map<number, Place[]>()
  #cells: Float64Array = new Float64Array(0)
  #block = -1
  #used = 0

  /**
   * @param create makes the memory of a block
   * @param opened called for every new block
   */
  constructor (
    create: (bytes: number) => ArrayBufferLike = bytes => new ArrayBuffer(bytes),
    opened: (block: number, cells: Float64Array) => void = () => {}
  ) {
    this.#create = create
    this.#opened = opened
  }

  take (size: number): Place {
    const free = this.#free.get(size)?.pop()
    if (free !== undefined) {
      free.cells.fill(0, free.at, free.at + size)
      return free
    }
    if (this.#used + size > this.#cells.length) this.#open(Math.max(size, cellsInBlock))
    const place = { block: this.#block, cells: this.#cells, at: this.#used }
    this.#used += size
    return place
  }

  /** Takes cells back. Nothing writes to them any more. */
  give (place: Place, size: number): void {
    const free = this.#free.get(size)
    if (free === undefined) this.#free.set(size, [place])
    else free.push(place)
  }

  #open (size: number): void {
    this.#cells = new Float64Array(this.#create(size * Float64Array.BYTES_PER_ELEMENT))
    this.#block++
    this.#used = 0
    this.#opened(this.#block, this.#cells)
  }
}
