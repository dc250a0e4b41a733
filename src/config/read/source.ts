/** The texts of the files that were read, and the way from an offset to line and column. */
import type { Position } from '../check/problem.ts'

/** A stretch of one file: `start` inclusive, `end` exclusive, UTF-16 offsets. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** Every text of a document by file name. */
export class Sources {
  readonly #files = new Map<string, { readonly text: string, readonly lines: readonly number[] }>()

  add (file: string, text: string): void {
    const lines = [0]
    for (const match of text.matchAll(/\r\n|\n|\r/g)) lines.push(match.index + match[0].length)
    this.#files.set(file, { text, lines })
  }

  /** The text as it was read, or undefined for a file that was not. */
  text (file: string): string | undefined {
    return this.#files.get(file)?.text
  }

  /** The place of a span; its length ends with its first line. */
  position ({ file, start, end }: Span): Position {
    const known = this.#files.get(file)
    if (known === undefined) return { file, line: 1, column: 1, length: 1 }
    const line = lineOf(known.lines, start)
    const lineStart = known.lines[line]!
    const lineEnd = known.lines[line + 1] ?? known.text.length
    const length = known.text.slice(start, Math.min(end, lineEnd)).trimEnd().length
    return { file, line: line + 1, column: start - lineStart + 1, length: Math.max(1, length) }
  }
}

/** Index of the last line that starts at or before `offset`. */
function lineOf (lines: readonly number[], offset: number): number {
  let low = 0
  let high = lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lines[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low
}
