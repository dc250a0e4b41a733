/** Settings of a policy in a file of their own, such as keys that a program writes. Read again on change; a broken version is not used. */

import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from '#typebox'
import type { EventFact } from '../../contract/events.ts'
import type { Stop } from '../../contract/task.ts'
import type { Report } from '../../contract/plugin.ts'
import { readDocument, type Document } from '../read/document.ts'
import { ConfigRefused } from '../check/config-refused.ts'
import { byPlace, listProblems, type Problem } from '../check/problem.ts'
import { maskedSource } from '../show/secret-places.ts'
import type { SeenFiles } from '../read/text-file.ts'
import { validate } from '../check/validate.ts'
import { watchFiles } from './watch-files.ts'

/** What is in such a file, and what is made of it. */
export interface FileContent<T, V> {
  /** Of the whole file. */
  readonly schema: TSchema
  /** What the schema cannot say. */
  readonly check?: (value: T, report: Report) => void
  /** What the policy works with; made once for every change. */
  readonly compile: (value: T) => V
}

/** Which file, and whose. */
export interface WatchedFileOptions<T, V> extends FileContent<T, V> {
  /** The plugin. */
  readonly kind: string
  readonly policy: string
  /** As the option says it: relative to the folder of gateway.yaml. */
  readonly file: string
  /** Whatever else `compile` depends on; plain data. */
  readonly options?: unknown
}

/** A file that is read again whenever it changes, as long as it is watched. */
export class WatchedFile<V> {
  readonly #file: string
  readonly #policy: string
  readonly #read: () => FileState<V>
  /** The files of the last reading. */
  #files: SeenFiles
  #current: V

  /** @throws ConfigRefused when the file cannot be used */
  constructor (file: string, policy: string, read: () => FileState<V>) {
    this.#file = file
    this.#policy = policy
    this.#read = read
    const first = read()
    if (first.refused !== undefined) throw first.refused
    this.#files = first.files
    this.#current = first.value
  }

  /** What was made of the last version that could be used. */
  get current (): V {
    return this.#current
  }

  /** Reports changes since the last reading, until the returned function is called. */
  watch (report: (fact: EventFact) => void): Stop {
    const watch = watchFiles(this.#files, () => {
      watch.update(this.#files = this.#again(report))
    })
    return () => watch.close()
  }

  #again (report: (fact: EventFact) => void): SeenFiles {
    const next = this.#read()
    const place = { policy: this.#policy, file: this.#file }
    if (next.refused === undefined) {
      this.#current = next.value
      report({ type: 'policy-file-reloaded', ...place })
      return next.files
    }
    const { problems, source } = next.refused
    report({ type: 'policy-file-refused', ...place, problems: listProblems(problems, source) })
    return next.files
  }
}

type FileState<V> =
  | { readonly value: V, readonly files: SeenFiles, readonly refused?: undefined }
  | { readonly files: SeenFiles, readonly refused: ConfigRefused }

/**
 * Takes the file of a policy, which all scopes and generations share. Call it at registration, so that a file that cannot be used is an
 * error of the configuration.
 * @throws ConfigRefused with every problem and its place
 */
export function takeWatchedFile<T, V> (
  { gateway }: FastifyInstance,
  { kind, policy, file, options, ...content }: WatchedFileOptions<T, V>
): WatchedFile<V> {
  const path = resolve(gateway.folder, file)
  const identity = { kind, key: policy, options: { file: path, options: options ?? null } }
  const create = (): WatchedFile<V> => new WatchedFile(path, policy, reader(path, gateway.env, content))
  const watched = gateway.resource<WatchedFile<V>>({ ...identity, create })
  gateway.task<EventFact>({ ...identity, start: watching(watched), hear: fact => gateway.events.emit(fact) })
  return watched
}

/** It refers to no generation. */
function watching (file: WatchedFile<unknown>): (publish: (fact: EventFact) => void) => Stop {
  return publish => file.watch(publish)
}

function reader<T, V> (file: string, env: Readonly<Record<string, string | undefined>>, content: FileContent<T, V>): () => FileState<V> {
  return () => readSettings(file, env, content)
}

function readSettings<T, V> (
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  { schema, check, compile }: FileContent<T, V>
): FileState<V> {
  const { document, problems, files } = readDocument(file, { env })
  // Without a valid tree it is not known which text is secret, so no source lines are shown.
  if (document === undefined || problems.length > 0) return refused(problems, files, () => undefined)
  const { value, problems: found } = validate(schema, document.value, '', document.secrets)
  const all = [...found]
  if (found.length === 0) {
    check?.(value as T, problem => { if (problem.severity !== 'warning') all.push({ severity: 'error', ...problem }) })
  }
  if (all.length > 0) return refused(all.map(problem => located(problem, document)).sort(byPlace), files, maskedSource(document, schema))
  return { value: compile(value as T), files }
}

function refused (
  problems: readonly Problem[],
  files: SeenFiles,
  source: (file: string) => string | undefined
): { readonly files: SeenFiles, readonly refused: ConfigRefused } {
  return { files, refused: new ConfigRefused(problems, files, source) }
}

function located (problem: Problem, document: Document): Problem {
  const position = document.locate(problem.pointer, problem.at)
  return position === undefined ? problem : { ...problem, position }
}
