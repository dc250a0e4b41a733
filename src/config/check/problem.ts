/** Problems of a configuration, and how they are shown. */

import { atOnce, type Steps } from '../../scheduling/steps.ts'

/** A place in a file. `line` and `column` are 1-based, `column` and `length` count UTF-16 units, as editors do. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
}

/** One error or warning about a configuration. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** RFC 6901, into the merged document. */
  readonly pointer: string
  /** Which half of the entry at `pointer` is meant; absent means the value. */
  readonly at?: 'key' | 'value'
  readonly message: string
  /** What to do about it, such as `did you mean "trustProxy"?`. */
  readonly hint?: string
  readonly position?: Position
  /** The text at the place is a secret: it must not be shown. */
  readonly secret?: true
}

/** Thrown for a configuration that cannot be used. Its message lists the problems, one per line. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
  readonly code = 'CONFIG_INVALID'
  readonly problems: readonly Problem[]

  constructor (problems: readonly Problem[], options?: ErrorOptions) {
    super(listed(problems, problem => headline(problem, plain)).join('\n'), options)
    this.problems = problems
  }
}

/**
 * The problem as text for a terminal: `file:line:col  message — hint`, then the source line with a caret under the place
 * when `source` has the file's text. A secret is masked in that line.
 */
export function formatProblem (problem: Problem, source: (file: string) => string | undefined, color = false): string {
  return format(problem, linesOf(source), color)
}

/** Formats several problems for a terminal. Every file is split into lines only once. */
export function formatProblems (problems: readonly Problem[], source: (file: string) => string | undefined, color = false): string[] {
  const lines = linesOf(source)
  return problems.map(problem => format(problem, lines, color))
}

/** Formats problems for logs and responses: at most 100 of them, then how many there are besides. */
export function listProblems (problems: readonly Problem[], source: (file: string) => string | undefined): string[] {
  const lines = linesOf(source)
  return listed(problems, problem => format(problem, lines, false))
}

/** The most problems that are listed. */
const mostListed = 100

function listed (problems: readonly Problem[], shown: (problem: Problem) => string): string[] {
  const lines = problems.slice(0, mostListed).map(shown)
  if (problems.length > mostListed) lines.push(`and ${problems.length - mostListed} more`)
  return lines
}

type Lines = (file: string) => readonly string[] | undefined

/** The lines of files, each split on its first use. */
function linesOf (source: (file: string) => string | undefined): Lines {
  const known = new Map<string, readonly string[] | undefined>()
  return file => {
    if (!known.has(file)) known.set(file, source(file)?.split(/\r\n|\n|\r/))
    return known.get(file)
  }
}

function format (problem: Problem, source: Lines, color: boolean): string {
  const paint = color ? colored : plain
  const lines = [headline(problem, paint)]
  const { position } = problem
  const text = position && source(position.file)?.[position.line - 1]
  if (position === undefined || text === undefined) return lines[0]!
  const { shown, column, length } = excerpt(text, position, problem.secret === true)
  const number = String(position.line).padStart(4)
  const caret = ' '.repeat(column - 1) + '^'.repeat(length)
  lines.push(`${paint.dim(`${number} |`)} ${shown}`, `${paint.dim(`${' '.repeat(number.length)} |`)} ${paint[problem.severity](caret)}`)
  return lines.join('\n')
}

/** Without the follow-ups: of several problems at one place, and of those below a place that is itself wrong, only the first stays. */
export function withoutFollowUps (problems: readonly Problem[]): Problem[] {
  return atOnce(withoutFollowUpsInSteps(problems))
}

/** The same in steps. */
export function * withoutFollowUpsInSteps (problems: readonly Problem[]): Steps<Problem[]> {
  const wrong = new Set<string>()
  const kept: Problem[] = []
  for (const problem of problems) {
    const id = `${problem.pointer}\n${problem.at ?? 'value'}\n${problem.message}`
    yield
    if (wrong.has(id) || covered(problem.pointer, wrong)) continue
    wrong.add(id)
    if (problem.at !== 'key' && problem.severity === 'error') wrong.add(problem.pointer)
    kept.push(problem)
  }
  return kept
}

/** Compares problems by file, line and column. */
export function byPlace ({ position: a }: Problem, { position: b }: Problem): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1
}

function covered (pointer: string, wrong: ReadonlySet<string>): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (wrong.has(at)) return true
  }
  return false
}

function headline (problem: Problem, paint: Paint): string {
  const { position, pointer, severity, message, hint } = problem
  const place = position ? `${position.file}:${position.line}:${position.column}` : pointer
  const lead = place === '' ? '' : `${paint.bold(visible(place))}  `
  const label = severity === 'warning' ? `${paint.warning('warning:')} ` : ''
  return `${lead}${label}${visible(`${message}${hint === undefined ? '' : ` — ${hint}`}`)}`
}

const widest = 120

/** The part of a line that fits a terminal, with the place's column in it. */
function excerpt (text: string, position: Position, secret: boolean): { shown: string, column: number, length: number } {
  const length = Math.max(1, Math.min(position.length, text.length - position.column + 1))
  const start = position.column - 1
  // This also makes a space of a tab, which would put the caret in another column on every terminal.
  let line = visible(text)
  if (secret) line = `${line.slice(0, start)}${'*'.repeat(length)}${line.slice(start + length)}`
  if (line.length <= widest) return { shown: line, column: position.column, length }
  const from = Math.max(0, Math.min(start - 40, line.length - widest))
  const shown = `${from > 0 ? '…' : ''}${line.slice(from, from + widest)}${from + widest < line.length ? '…' : ''}`
  return { shown, column: position.column - from + (from > 0 ? 1 : 0), length: Math.min(length, widest - (start - from)) }
}

/** Puts a text on one line and removes control characters, which a hostile file could send to the terminal. */
function visible (text: string): string {
  return text.replaceAll(/\s/g, ' ').replaceAll(/\p{Cc}/gu, '\uFFFD')
}

type Paint = Record<'bold' | 'dim' | 'error' | 'warning', (text: string) => string>
const style = (on: number, off: number) => (text: string) => `\u001B[${on}m${text}\u001B[${off}m`
const colored: Paint = { bold: style(1, 22), dim: style(2, 22), error: style(31, 39), warning: style(33, 39) }
const asIs = (text: string): string => text
const plain: Paint = { bold: asIs, dim: asIs, error: asIs, warning: asIs }
