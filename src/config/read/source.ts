/** The texts of the files that were read; converts offsets to lines and columns. */
import type { Position } from '../check/problem.ts'
import type { KeptFiles } from './kept-files.ts'
import type { SeenFiles } from './text-file.ts'

/** A range in one file, in UTF-16 offsets: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly file: string
  readonly start: number
  readonly end: number
}

/** The span of a value that no file has. Paths in it are relative to the folder of `file`. */
export function nowhere (file: string): Span {
  return { file, start: -1, end: -1 }
}

/** `lines` are the offsets of the starts of lines. */
interface Source { readonly text: string, lines?: readonly number[] }

/** The texts of a document by file name. */
export class Sources {
  readonly #files = new Map<string, Source>()

  add (file: string, text: string): void {
    this.#files.set(file, { text })
  }

  /** Returns the text as it was read; undefined for a file that was not read. */
  text (file: string): string | undefined {
    return this.#files.get(file)?.text
  }

  /** The texts of those files that were read from a disk, with their fingerprints. */
  read (seen: SeenFiles): KeptFiles['texts'] {
    return new Map([...this.#files].flatMap(([file, { text }]) => seen.has(file) ? [[file, { text, print: seen.get(file) }]] : []))
  }

  /** Returns the position of a span. Its length is limited to the first line. */
  position ({ file, start, end }: Span): Position {
    const known = this.#files.get(file)
    if (known === undefined) return { file, line: 1, column: 1, length: 1 }
    const lines = linesOf(known)
    const line = lineOf(lines, start)
    const lineStart = lines[line]!
    const lineEnd = lines[line + 1] ?? known.text.length
    const length = known.text.slice(start, Math.min(end, lineEnd)).trimEnd().length
    return { file, line: line + 1, column: start - lineStart + 1, length: Math.max(1, length) }
  }

  /** Returns the position of a span; undefined for that of a value that no file has. */
  place (span: Span): Position | undefined {
    return span.start === -1 ? undefined : this.position(span)
  }

  /** Returns the text of the line of a position. */
  line ({ file, line }: Position): string {
    const known = this.#files.get(file)
    if (known === undefined) return ''
    const lines = linesOf(known)
    return known.text.slice(lines[line - 1], lines[line]).replace(/[\r\n]+$/, '')
  }
}

/** Finds the starts of lines on first use; they are not needed for a file without problems. */
function linesOf (source: Source): readonly number[] {
  return source.lines ??= lineStarts(source.text)
}

function lineStarts (text: string): number[] {
  const starts = [0]
  // `indexOf` is several times as fast as the regular expression, and is enough for most files.
  if (text.includes('\r')) for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  else for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Returns the index of the last line that starts at or before `offset`. */
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
