/** Memory for cells: slices of large buffers, so that a rehearsal copies the state of many concerns at once. */

/** Cells in a buffer. More of them means fewer copies; a buffer stays as long as one of its slices is in use. */
const cellsInBuffer = 2048

/** Bytes of a cell: of a Float64Array. */
const cellBytes = Float64Array.BYTES_PER_ELEMENT

/** What a rehearsal copies at once. Cells lie in one such part of their buffer, or begin in one. */
export const chunkBytes = cellsInBuffer * cellBytes

/** Hands out cells. They are never reused for other state: the garbage collector frees a buffer without slices. */
export class CellMemory {
  #buffer: ArrayBuffer | undefined
  #used = 0

  /** Returns new cells with these numbers. */
  allocate (values: readonly number[] | Float64Array): Float64Array {
    const cells = this.#slice(values.length)
    cells.set(values)
    return cells
  }

  #slice (length: number): Float64Array {
    // A large slice has its own buffer, so that little of a common one is wasted.
    if (length > cellsInBuffer / 8) return new Float64Array(length)
    if (this.#buffer === undefined || this.#used + length > cellsInBuffer) {
      this.#buffer = new ArrayBuffer(cellsInBuffer * cellBytes)
      this.#used = 0
    }
    const cells = new Float64Array(this.#buffer, this.#used * cellBytes, length)
    this.#used += length
    return cells
  }
}

/** The numbers of new cells. */
export function initialCells (cells: number | readonly number[]): readonly number[] {
  return typeof cells === 'number' ? Array.from({ length: cells }, () => 0) : cells
}
