/** How long test files take, so that the longest processes start first and none of them is left over at the end. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { TestEvent } from './run-process.ts'

/** What a file without a known duration is taken to need, in ms. */
const usual = 500

/** Durations of test files in ms, from this run and from earlier ones. */
export class Durations {
  readonly #path: string
  readonly #known: Readonly<Record<string, number>>
  readonly #measured = new Map<string, number>()

  /** Earlier durations are read from `path`. Without them, every file is taken to need the same time. */
  constructor (path: string) {
    this.#path = path
    this.#known = read(path)
  }

  /**
   * Adds the duration of a top-level test or suite to that of its file. Other events have none.
   * @param files those of the process; the first one counts for tests that stand in a file that they share
   */
  add ({ type, data }: TestEvent, files: readonly string[]): void {
    if (data['nesting'] !== 0 || (type !== 'test:pass' && type !== 'test:fail')) return
    const { duration_ms: duration } = data['details'] as { readonly duration_ms: number }
    const own = relative('', String(data['file']))
    const file = files.includes(own) ? own : files[0]!
    this.#measured.set(file, (this.#measured.get(file) ?? 0) + Math.round(duration))
  }

  /** The processes in the order of the time that their files need. */
  longestFirst (processes: readonly (readonly string[])[]): (readonly string[])[] {
    const needed = new Map(processes.map(files => [files, files.reduce((sum, file) => sum + (this.#known[file] ?? usual), 0)]))
    return processes.toSorted((a, b) => needed.get(b)! - needed.get(a)!)
  }

  /** The slowest files of this run. */
  slowest (count: number): readonly (readonly [file: string, ms: number])[] {
    return [...this.#measured].sort(([, a], [, b]) => b - a).slice(0, count)
  }

  /** Writes what is known, for the next run. */
  save (): void {
    mkdirSync(dirname(this.#path), { recursive: true })
    writeFileSync(this.#path, JSON.stringify({ ...this.#known, ...Object.fromEntries(this.#measured) }, null, 1))
  }
}

function read (path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>
  } catch {
    return {}
  }
}
