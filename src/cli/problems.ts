/** Configuration problems, as a person or a program sees them. */

import { relative, resolve } from 'node:path'
import { ConfigRefused } from '../config/load.ts'
import { ConfigError, formatProblems, type Problem } from '../config/check/problem.ts'
import type { Io, Output } from './io.ts'
import { isColored } from './paint.ts'

/** Text of a file by name. */
export type SourceText = (file: string) => string | undefined

/** Writes problems with the lines they are about, paths relative to where the user is. */
export function writeProblems (problems: readonly Problem[], source: SourceText, output: Output, io: Io): void {
  const color = isColored(output, io)
  const texts = formatProblems(problems.map(problem => nearby(problem, io.cwd)), file => source(resolve(io.cwd, file)), color)
  for (const text of texts) output.write(`${text}\n`)
}

/** A place as `gateway.yaml:12`, relative to where the user is. */
export function placeOf ({ position }: Problem, cwd: string): string | undefined {
  return position === undefined ? undefined : `${pathFrom(cwd, position.file)}:${position.line}`
}

/** A path as a person would write it from a folder: relative where that is inside it. */
export function pathFrom (cwd: string, file: string): string {
  const short = relative(cwd, file)
  return short === '' || short.startsWith('..') ? file : short
}

/** A problem for programs: `--json`. */
export function plainProblem ({ severity, pointer, message, hint, position }: Problem): object {
  return { severity, message, hint, pointer, ...(position === undefined ? {} : { file: position.file, line: position.line, column: position.column }) }
}

/** The problems of a refused configuration; undefined when the error is something else. */
export function problemsOf (error: unknown): { readonly problems: readonly Problem[], readonly source: SourceText } | undefined {
  if (!(error instanceof ConfigError)) return undefined
  return { problems: error.problems, source: error instanceof ConfigRefused ? error.source : () => undefined }
}

function nearby (problem: Problem, cwd: string): Problem {
  const { position } = problem
  return position === undefined ? problem : { ...problem, position: { ...position, file: pathFrom(cwd, position.file) } }
}
