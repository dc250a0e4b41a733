/** Settings of a policy in a file of their own, such as keys that a program writes. Read again on change; a broken version is not used. */

import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { TSchema } from '#typebox'
import type { Stop } from '../../contract/task.ts'
import type { Report } from '../../contract/plugin.ts'
import { readDocument, type Document } from '../read/document.ts'
import { ConfigRefused } from '../check/config-refused.ts'
import { byPlace, type Problem } from '../check/problem.ts'
import { maskedSource } from '../show/secret-places.ts'
import type { SeenFiles } from '../read/text-file.ts'
import { validate } from '../check/validate.ts'
import { WatchedFile, type FileNews, type FileReading, type FileState } from './watched-file.ts'

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

/**
 * Takes the file of a policy, which all scopes, generations and threads share. Call it at registration, so that a file that cannot be used
 * is an error of the configuration.
 * @throws ConfigRefused with every problem and its place
 */
export function takeWatchedFile<T, V> (
  { gateway }: FastifyInstance,
  { kind, policy, file, options, ...content }: WatchedFileOptions<T, V>
): WatchedFile<V> {
  const path = resolve(gateway.folder, file)
  const identity = { kind, key: policy, options: { file: path, options: options ?? null } }
  const create = (): WatchedFile<V> => new WatchedFile(reading({ file: path, policy, role: gateway.threads.role }, gateway.env, content))
  const watched = gateway.resource<WatchedFile<V>>({ ...identity, create })
  gateway.task<FileNews>({
    ...identity,
    start: watching(watched),
    hear: ({ fact }) => { if (fact !== undefined) gateway.events.emit(fact) },
    learn: news => watched.learn(news)
  })
  return watched
}

/** It refers to no generation. */
function watching (file: WatchedFile<unknown>): (publish: (news: FileNews) => void) => Stop {
  return publish => file.watch(publish)
}

function reading<T, V> (
  place: Pick<FileReading<V>, 'file' | 'policy' | 'role'>,
  env: Readonly<Record<string, string | undefined>>,
  { compile, ...content }: FileContent<T, V>
): FileReading<V> {
  return { ...place, read: () => readSettings(place.file, env, content), compile: value => compile(value as T) }
}

function readSettings<T> (
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  { schema, check }: Pick<FileContent<T, unknown>, 'schema' | 'check'>
): FileState {
  const { document, problems, files } = readDocument(file, { env })
  // Without a valid tree it is not known which text is secret, so no source lines are shown.
  if (document === undefined || problems.length > 0) return refused(problems, files, () => undefined)
  const { value, problems: found } = validate(schema, document.value, '', document.secrets)
  const all = [...found]
  if (found.length === 0) {
    check?.(value as T, problem => { if (problem.severity !== 'warning') all.push({ severity: 'error', ...problem }) })
  }
  if (all.length > 0) return refused(all.map(problem => located(problem, document)).sort(byPlace), files, maskedSource(document, schema))
  return { value, files }
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
