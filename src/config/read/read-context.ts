/** The state of reading one document: its environment, the files read, and the problems found. */
import { globSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Steps } from '../../scheduling/steps.ts'
import { interpolate } from './interpolate.ts'
import type { Environment } from './interpolate.ts'
import { searchKey, type KeptFiles } from './kept-files.ts'
import type { Problem } from '../check/problem.ts'
import { typeScalar } from './scalar.ts'
import { Sources } from './source.ts'
import type { Span } from './source.ts'
import { readTextFile } from './text-file.ts'
import type { Print, TextFile } from './text-file.ts'
import { eachScalar } from './tree.ts'
import type { Node, ScalarNode } from './tree.ts'

const secretLimit = 64 * 1024

export class ReadContext {
  readonly sources = new Sources()
  readonly problems: Problem[] = []
  /** Files and searched folders, including those that could not be read, because creating them may correct the document. */
  readonly files = new Map<string, Print>()
  /** The paths that each pattern of `include` has found. */
  readonly found = new Map<string, readonly string[]>()
  readonly #env: Environment | undefined
  readonly #kept: KeptFiles | undefined
  readonly #interpolated = new Set<ScalarNode>()

  /**
   * @param env without it, variables and other files are not allowed
   * @param kept read in place of what is on disk
   */
  constructor (env: Environment | undefined, kept?: KeptFiles) {
    this.#env = env
    this.#kept = kept
  }

  report (problem: Omit<Problem, 'severity' | 'position' | 'hint'> & {
    severity?: 'warning',
    span?: Span,
    hint?: string | undefined
  }): void {
    const { span, hint, severity = 'error', ...rest } = problem
    const position = span && this.sources.place(span)
    this.problems.push({
      severity,
      ...rest,
      ...(position === undefined ? {} : { position }),
      ...(hint === undefined ? {} : { hint })
    })
  }

  /** Whether variables and other files are allowed. */
  get open (): boolean {
    return this.#env !== undefined
  }

  /** Reads a file of the document. */
  readText (file: string, limit: number): TextFile & { readonly print: Print } {
    return this.#kept?.texts.get(file) ?? readTextFile(file, limit)
  }

  /** The paths in a folder that fit a pattern. */
  search (pattern: string, folder: string): readonly string[] {
    const key = searchKey(pattern, folder)
    const paths = this.#kept?.found.get(key) ??
      globSync(pattern, { cwd: folder }).map(name => isAbsolute(name) ? name : join(folder, name)).toSorted()
    this.found.set(key, paths)
    return paths
  }

  /** Substitutes variables in every scalar below `node`, once each, because an anchored scalar may be reached several times. */
  * interpolate (node: Node, pointer: string): Steps<void> {
    yield * eachScalar(node, (scalar, at) => {
      if (this.#interpolated.has(scalar) || typeof scalar.value !== 'string') return
      this.#interpolated.add(scalar)
      this.#substitute(scalar, at)
    }, pointer)
  }

  #substitute (scalar: ScalarNode, pointer: string): void {
    if (!scalar.text.includes('$')) return
    if (this.#env === undefined) {
      if (scalar.text.includes('${')) {
        this.report({
          pointer,
          span: scalar.span,
          message: 'variables and files are not allowed in this file',
          hint: 'write the value itself'
        })
      }
      return
    }
    const result = interpolate(scalar.text, { env: this.#env, readFile: (path) => this.#readSecret(path, scalar.span.file) })
    for (const { start, end, message, hint } of result.faults) {
      this.report({ pointer, message, hint, span: this.#part(scalar, start, end) })
    }
    // The text is kept where a part is missing, because an incomplete value would only cause a second problem.
    if (result.faults.length > 0) return
    scalar.origins = result.origins
    if (result.substituted) scalar.variable = { text: result.text, whole: /^\$\{[^}]*\}$/.test(scalar.text) }
    scalar.value = scalar.plain && result.substituted ? typeScalar(result.text) : result.text
  }

  #readSecret (path: string, from: string): { text: string } | { failure: string } {
    const file = isAbsolute(path) ? path : join(dirname(from), path)
    const read = readTextFile(file, secretLimit)
    this.files.set(file, read.print)
    return read
  }

  /** Returns the exact span of a part of a scalar, where its text is in the file unchanged; else that of the whole scalar. */
  #part ({ span, text }: ScalarNode, start: number, end: number): Span {
    const written = this.sources.text(span.file)?.slice(span.start, span.end) ?? ''
    const offset = written.indexOf(text)
    return offset === -1 ? span : { file: span.file, start: span.start + offset + start, end: span.start + offset + end }
  }
}
