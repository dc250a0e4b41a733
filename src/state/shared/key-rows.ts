/** The rows of a set of keys in shared memory. The caller of these functions holds the lock of the set. */

import { hashesAt, headerWords, mostSetsAt, rowsAt, rowsInSet, rowWordsAt, setWords, usedAt } from './key-layout.ts'
import { readKey, textWords, writeKey } from './key-text.ts'

export class KeyRows {
  readonly words: Int32Array
  readonly #firstAt: number
  readonly #mostSets: number
  readonly #rowWords: number
  readonly #setWords: number

  /** @param at the address of the layout */
  constructor (words: Int32Array, at: number) {
    this.words = words
    this.#firstAt = at + headerWords
    this.#mostSets = words[at + mostSetsAt]!
    this.#rowWords = words[at + rowWordsAt]!
    this.#setWords = setWords(this.#rowWords)
  }

  /** The address of a set; 0 is that of the overflow, which is behind all others. */
  setAt (index: number): number {
    return this.#firstAt + (index === 0 ? this.#mostSets : index - 1) * this.#setWords
  }

  /** Whether all rows of the set are in use. */
  isFull (set: number): boolean {
    return this.words[set + usedAt]! >= rowsInSet
  }

  /** Whether the set has rows. Also without its lock, as a hint. */
  hasRows (set: number): boolean {
    return this.words[set + usedAt] !== 0
  }

  isUsed (set: number, row: number): boolean {
    return this.words[set + hashesAt + 2 * row] !== 0
  }

  /** One half of the hash of a row: the one that names its set. */
  highOf (set: number, row: number): number {
    return this.words[set + hashesAt + 2 * row + 1]!
  }

  /** The row with this hash; -1 when there is none. */
  findRow (set: number, low: number, high: number): number {
    const words = this.words
    const hashes = set + hashesAt
    // Rows are added from a place on that the hash names, so that most are found at once.
    for (let left = words[set + usedAt]!, step = 0; left > 0 && step < rowsInSet; step++) {
      const row = (low + step) & rowsInSet - 1
      const known = words[hashes + 2 * row]!
      if (known === low && words[hashes + 2 * row + 1] === high) return row
      if (known !== 0) left--
    }
    return -1
  }

  /** A row that is not in use, for this hash. There must be one. */
  freeRow (set: number, low: number): number {
    let row = low & rowsInSet - 1
    while (this.isUsed(set, row)) row = (row + 1) & rowsInSet - 1
    return row
  }

  /** Takes a row into use. What it contains has been written before. */
  showRow (set: number, row: number, low: number, high: number): void {
    this.words[set + hashesAt + 2 * row + 1] = high
    this.words[set + hashesAt + 2 * row] = low
    this.words[set + usedAt]!++
  }

  hideRow (set: number, row: number): void {
    this.words[set + hashesAt + 2 * row] = 0
    this.words[set + usedAt]!--
  }

  copyRow (from: number, row: number, to: number): void {
    const { words } = this
    const low = words[from + hashesAt + 2 * row]!
    const copy = this.freeRow(to, low)
    words.copyWithin(this.rowAt(to, copy), this.rowAt(from, row), this.rowAt(from, row + 1))
    words.copyWithin(this.#textAt(to, copy), this.#textAt(from, row), this.#textAt(from, row + 1))
    this.showRow(to, copy, low, this.highOf(from, row))
  }

  /** Takes all rows out of use, whatever the set contains. */
  clear (set: number): void {
    this.words.fill(0, set + usedAt, set + rowsAt)
  }

  /** Counts the rows in use anew. Returns by how many they are more than was known. */
  recount (set: number): number {
    const known = this.words[set + usedAt]!
    let used = 0
    for (let row = 0; row < rowsInSet; row++) if (this.isUsed(set, row)) used++
    this.words[set + usedAt] = used
    return used - known
  }

  /** Where the words of a row are. */
  rowAt (set: number, row: number): number {
    return set + rowsAt + row * this.#rowWords
  }

  /** The key of a row; of a long one the beginning. */
  keyOf (set: number, row: number): string {
    return readKey(this.words, this.#textAt(set, row))
  }

  writeKey (set: number, row: number, key: string): void {
    writeKey(this.words, this.#textAt(set, row), key)
  }

  #textAt (set: number, row: number): number {
    return set + rowsAt + rowsInSet * this.#rowWords + row * textWords
  }
}
