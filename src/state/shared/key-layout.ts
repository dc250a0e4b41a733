/** How rows by key lie in shared memory: a header, sets of 64 rows, and one more set for the key of the overflow. */

import { textWords } from './key-text.ts'
import { lineWords } from './shared-space.ts'

/** Rows of a set. */
export const rowsInSet = 64

/** Words of a set: its lock and the number of its rows in use, the hashes of the rows, their words, their keys. */
export const lockAt = 0
export const usedAt = 1
export const hashesAt = lineWords
export const rowsAt = hashesAt + 2 * rowsInSet

/** Words of the header: the number of rows, of sets that there may be, of words of a row, and of sets that are in use. */
export const sizeAt = 0
export const mostSetsAt = 1
export const rowWordsAt = 2
export const setsAt = 3
export const headerWords = lineWords

/** Sets that are in use from the start: so many that threads seldom want the same one. */
const firstSets = 64

export interface KeyLayout {
  readonly mostSets: number
  readonly rowWords: number
}

/**
 * The layout for so many keys. It has two to four times as many rows: with all of the keys, one set in ten million is full.
 * @param rowWords words of a row; an odd number becomes even, so that rows can be numbers
 */
export function layoutOf (keys: number, rowWords: number): KeyLayout {
  return { mostSets: keys <= rowsInSet ? 1 : 2 ** Math.ceil(Math.log2(2 * keys / rowsInSet)), rowWords: rowWords + rowWords % 2 }
}

export function layoutLines ({ mostSets, rowWords }: KeyLayout): number {
  return Math.ceil((headerWords + (mostSets + 1) * setWords(rowWords)) / lineWords)
}

export function setWords (rowWords: number): number {
  return rowsAt + rowsInSet * (rowWords + textWords)
}

/** Writes it into new memory, so that the control thread can read it without a definition. */
export function writeLayout (words: Int32Array, at: number, { mostSets, rowWords }: KeyLayout): void {
  words[at + mostSetsAt] = mostSets
  words[at + rowWordsAt] = rowWords
  words[at + setsAt] = Math.min(firstSets, mostSets)
}
