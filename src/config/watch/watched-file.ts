/** A file of settings as a thread knows it: the last version that could be used. */

import { hash } from 'node:crypto'
import type { EventFact } from '../../contract/events.ts'
import type { Stop } from '../../contract/task.ts'
import type { ThreadRole } from '../../contract/threads.ts'
import type { ConfigRefused } from '../check/config-refused.ts'
import { listProblems } from '../check/problem.ts'
import type { SeenFiles } from '../read/text-file.ts'
import { watchFiles } from './watch-files.ts'

/** What happened to the file. */
export interface FileNews {
  /** What is told to operators. */
  readonly fact?: EventFact
  /** What is in the last version that could be used, for threads that do not read the file themselves. */
  readonly content?: FileVersion
}

/** A version of the file. */
interface FileVersion {
  /** The same for the same content. */
  readonly digest: string
  /** Plain data. */
  readonly value: unknown
}

/** How a file is read, and where. */
export interface FileReading<V> {
  /** Absolute. */
  readonly file: string
  readonly policy: string
  readonly read: () => FileState
  readonly compile: (value: unknown) => V
  /** What this thread is for the others: whether it tells them what is in the file, or learns it. */
  readonly role: ThreadRole
}

/** A file that is read again whenever it changes, as long as it is watched. Of several threads one reads it, so that all have the same. */
export class WatchedFile<V> {
  readonly #reading: FileReading<V>
  /** The files of the last reading. */
  #files: SeenFiles = new Map()
  #content: FileVersion | undefined
  #current: { readonly value: V } | undefined

  /** @throws ConfigRefused when the file cannot be used */
  constructor (reading: FileReading<V>) {
    this.#reading = reading
    if (reading.role !== 'data') this.#readFirst()
  }

  /** What was made of the last version that could be used. */
  get current (): V {
    if (this.#current === undefined) this.#readFirst()
    return this.#current!.value
  }

  /** Reports changes since the last reading, until the returned function is called. */
  watch (report: (news: FileNews) => void): Stop {
    if (this.#content !== undefined) report({ content: this.#content })
    const watch = watchFiles(this.#files, () => {
      const fact = this.#again()
      watch.update(this.#files)
      report({ fact, ...this.#content === undefined ? {} : { content: this.#content } })
    })
    return () => watch.close()
  }

  /** Takes over what another thread has read. */
  learn ({ content }: FileNews): void {
    if (content === undefined || content.digest === this.#content?.digest) return
    this.#content = content
    this.#current = { value: this.#reading.compile(content.value) }
  }

  #readFirst (): void {
    const first = this.#reading.read()
    if (first.refused !== undefined) throw first.refused
    this.#use(first)
  }

  /** Reads it again. Returns what to tell about it. */
  #again (): EventFact {
    const { policy, file, read } = this.#reading
    const next = read()
    if (next.refused === undefined) {
      this.#use(next)
      return { type: 'policy-file-reloaded', policy, file }
    }
    this.#files = next.files
    const { problems, source } = next.refused
    return { type: 'policy-file-refused', policy, file, problems: listProblems(problems, source) }
  }

  #use ({ value, files }: ReadFile): void {
    const { role, compile } = this.#reading
    this.#files = files
    this.#current = { value: compile(value) }
    // Kept only where others need it: it may be large.
    if (role === 'control') this.#content = { digest: hash('sha256', JSON.stringify(value), 'base64'), value }
  }
}

/** A version of the file that can be used. */
interface ReadFile {
  readonly value: unknown
  readonly files: SeenFiles
  readonly refused?: undefined
}

export type FileState = ReadFile | { readonly files: SeenFiles, readonly refused: ConfigRefused }
