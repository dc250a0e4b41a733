/** Reads a configuration document: a plain value, with the position of each part in its file. */
import { atOnce, type Steps } from '../../scheduling/steps.ts'
import type { Environment } from './interpolate.ts'
import type { ConfigSource } from './config-source.ts'
import { readTree } from './include.ts'
import type { KeptFiles } from './kept-files.ts'
import { override, type Override } from './overrides.ts'
import type { Position, Problem } from '../check/problem.ts'
import { ReadContext } from './read-context.ts'
import type { Origin } from './origin.ts'
import type { SeenFiles } from './text-file.ts'
import { eachScalar, locate, toValue, type Substituted } from './tree.ts'

export interface Document {
  /** The merged value of all files: plain objects, lists, text, numbers, booleans and null. No part of it is shared. */
  readonly value: unknown
  /**
   * The files and folders to watch, with their state when they were read: every file, readable or not, and the folders of `include`
   * patterns.
   */
  readonly files: SeenFiles
  /** What is needed to read the same again. */
  readonly kept: KeptFiles
  /** Pointers of texts that come from a `${file:…}`. */
  readonly secrets: ReadonlySet<string>
  /** The text of every value with a variable or a file in it, by its pointer. */
  readonly variables: ReadonlyMap<string, Substituted>
  /** The origins of every scalar with variables or files, by its pointer. */
  readonly origins: ReadonlyMap<string, readonly Origin[]>
  /** Returns the position of the entry at `pointer`, or of its nearest ancestor in the file; undefined where no file has it. */
  locate (pointer: string, at?: 'key' | 'value'): Position | undefined
  /** Returns the text of a file, as read. */
  source (file: string): string | undefined
}

/** How a document is read. */
export interface ReadOptions {
  /** The variables; undefined where neither variables nor other files are allowed. */
  readonly env: Environment | undefined
  /** Values in place of those of the files. */
  readonly overrides?: readonly Override[]
  /** Read in place of what is on disk. */
  readonly kept?: KeptFiles | undefined
}

/** The result of reading a document. */
export interface Read {
  readonly document: Document | undefined
  readonly problems: Problem[]
  readonly files: SeenFiles
  readonly source: (file: string) => string | undefined
}

/**
 * Reads a configuration and the files that it includes. Without an environment, for files that programs write, it reads only the file
 * itself. Never throws for invalid input. There is a document whenever some value could be read, so that validation can report all problems
 * at once. `files` is complete even without a document. Problems have a position where a file or text has them. The pointer of a problem in
 * the YAML syntax is relative to the root of its own file.
 */
export function readDocument (main: ConfigSource, options: ReadOptions): Read {
  return atOnce(readInSteps(main, options))
}

/** The same in steps. */
export function * readInSteps (main: ConfigSource, { env, overrides = [], kept }: ReadOptions): Steps<Read> {
  const context = new ReadContext(env, kept)
  const tree = yield * readTree(main, context)
  const root = tree && (yield * override(tree, overrides, main, context))
  if (root !== undefined) yield * context.interpolate(root, '')
  const { sources, problems, files } = context
  const source = (name: string): string | undefined => sources.text(name)
  if (root === undefined) return { document: undefined, problems, files, source }
  const secrets = new Set<string>()
  const variables = new Map<string, Substituted>()
  const origins = new Map<string, readonly Origin[]>()
  yield * eachScalar(root, (scalar, pointer) => {
    if (scalar.variable !== undefined) variables.set(pointer, scalar.variable)
    if (scalar.origins.length > 0) origins.set(pointer, scalar.origins)
    if (scalar.origins.some(({ kind }) => kind === 'file')) secrets.add(pointer)
  })
  const document: Document = {
    value: yield * toValue(root),
    files,
    kept: { texts: sources.read(files), found: context.found },
    secrets,
    origins,
    variables,
    locate: (pointer, at = 'value') => sources.place(locate(root, pointer, at)),
    source
  }
  return { document, problems, files, source }
}
