/** Formats configuration problems for people and for programs. */

import { relative, resolve } from 'node:path'
import { ConfigRefused } from '../config/check/config-refused.ts'
import { ConfigError, formatProblems, type Problem } from '../config/check/problem.ts'
import type { Io, Output } from './io.ts'
import { isColored } from './paint.ts'

/** Returns the text of a file by name. */
export type SourceText = (file: string) => string | undefined

/** Writes problems with the lines of the configuration that cause them. Paths are relative to the current folder. */
export function writeProblems (problems: readonly Problem[], source: SourceText, output: Output, io: Io): void {
  const color = isColored(output, io)
  const texts = formatProblems(problems.map(problem => nearby(problem, io.cwd)), file => source(resolve(io.cwd, file)), color)
  for (const text of texts) output.write(`${text}\n`)
}

/** Formats the place of a problem as `gateway.yaml:12`, relative to `cwd`. */
export function placeOf ({ position }: Problem, cwd: string): string | undefined {
  return position === undefined ? undefined : `${pathFrom(cwd, position.file)}:${position.line}`
}

/** Formats a path for people: relative where it is inside the folder `cwd`. */
export function pathFrom (cwd: string, file: string): string {
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

/** Formats a problem for programs (`--json`). */
export function plainProblem ({ severity, pointer, message, hint, position }: Problem): object {
  return {
    severity,
    message,
    hint,
    pointer,
    ...(position === undefined ? {} : { file: position.file, line: position.line, column: position.column })
  }
}

/** Returns the problems of a rejected configuration; undefined for any other error. */
export function problemsOf (error: unknown): { readonly problems: readonly Problem[], readonly source: SourceText } | undefined {
  if (!(error instanceof ConfigError)) return undefined
  return { problems: error.problems, source: error instanceof ConfigRefused ? error.source : () => undefined }
}

function nearby (problem: Problem, cwd: string): Problem {
  const { position } = problem
  return position === undefined ? problem : { ...problem, position: { ...position, file: pathFrom(cwd, position.file) } }
}
