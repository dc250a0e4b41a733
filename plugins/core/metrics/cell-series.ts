/** A series: numbers in cells, and in the thread that prints also those of the same series in other threads. */

import type { Aggregator } from '@prometheus-io/client'
import type { Place } from './series-cells.ts'
import type { Labels } from './series-map.ts'

/** The same series in another thread. */
export interface Part {
  readonly thread: number
  readonly cells: Float64Array
  readonly at: number
}

export abstract class CellSeries {
  readonly labels: Labels
  /** Number of cells. */
  readonly size: number
  protected cells: Float64Array
  /** The first of its cells. It is NaN in a series that has no value. */
  protected at: number
  #place: Place | undefined
  #parts: Part[] = []

  constructor (labels: Labels, place: Place, size: number) {
    this.labels = labels
    this.size = size
    this.cells = place.cells
    this.at = place.at
    this.#place = place
  }

  /** Whether its metric has it no longer. */
  get hasLeft (): boolean {
    return this.#place === undefined
  }

  /** Leaves its cells, and returns them. What still counts with it writes to cells that are not read. */
  leave (): Place | undefined {
    const place = this.#place
    this.#place = undefined
    this.#parts = []
    this.cells = new Float64Array(this.size)
    this.at = 0
    return place
  }

  /** Whether other threads have it too. */
  get isShared (): boolean {
    return this.#parts.length > 0
  }

  /** Writes its numbers in all threads together, as far as there is room. */
  read (into: Float64Array): void {
    const cells = Math.min(this.size, into.length)
    for (let cell = 0; cell < cells; cell++) into[cell] = this.total(cell)
  }

  /** Takes its value in this thread away. */
  clear (): void {
    this.cells.fill(0, this.at, this.at + this.size)
    this.cells[this.at] = NaN
  }

  /** Gives it the value 0, unless it has one. */
  begin (): void {
    if (!this.#hasOwn) this.cells[this.at] = 0
  }

  /** Adds the same series of another thread. */
  join (part: Part): void {
    this.#parts.push(part)
  }

  /** A thread has gone: what it has counted stays. */
  keep (thread: number): void {
    for (const part of this.#leaving(thread)) {
      if (Number.isNaN(part.cells[part.at])) continue
      this.begin()
      for (let cell = 0; cell < this.size; cell++) this.cells[this.at + cell]! += part.cells[part.at + cell]!
    }
  }

  /** A thread has gone, and its values with it. */
  forget (thread: number): void {
    this.#leaving(thread)
  }

  /** One of its numbers in all threads together; NaN where none has a value. */
  protected total (cell: number): number {
    let sum = this.#hasOwn ? this.cells[this.at + cell]! : NaN
    for (const { cells, at } of this.#parts) {
      if (!Number.isNaN(cells[at])) sum = (Number.isNaN(sum) ? 0 : sum) + cells[at + cell]!
    }
    return sum
  }

  /** Its first number, made of those of the other threads; its own where they have none. NaN for none. */
  protected combined (aggregator: Aggregator): number {
    if (this.#parts.length === 0) return this.cells[this.at]!
    const parts = this.#parts.filter(({ cells, at }) => !Number.isNaN(cells[at]))
    if (parts.length === 0) return this.cells[this.at]!
    const values = parts.sort((a, b) => a.thread - b.thread).map(({ cells, at }) => cells[at]!)
    const sum = values.reduce((sum, value) => sum + value, 0)
    switch (aggregator) {
      case 'sum': return sum
      case 'average': return sum / values.length
      case 'min': return Math.min(...values)
      case 'max': return Math.max(...values)
      case 'first': return values[0]!
      case 'omit': return NaN
    }
  }

  get #hasOwn (): boolean {
    return !Number.isNaN(this.cells[this.at])
  }

  #leaving (thread: number): Part[] {
    const leaving = this.#parts.filter(part => part.thread === thread)
    if (leaving.length > 0) this.#parts = this.#parts.filter(part => part.thread !== thread)
    return leaving
  }
}
