/** The banner that a terminal shows when the gateway has started. */

import type { Problem } from '../config/check/problem.ts'
import type { ThreadCount } from '../threads/thread-count.ts'
import { count } from './count.ts'
import type { Io } from './io.ts'
import { paintOf } from './paint.ts'
import { placeOf } from './problems.ts'
import type { Sizes } from './sizes.ts'
import type { Trial } from './trials.ts'

export interface Facts extends Sizes {
  readonly version: string
  /** The path of the configuration, as the user would write it. */
  readonly file: string
  /** The listeners for clients. */
  readonly listeners: readonly string[]
  readonly admin: string | undefined
  /** Whether a browser that opens the admin listener gets the console. */
  readonly console: boolean
  readonly threads: ThreadCount
  readonly warnings: readonly Problem[]
  readonly tries: readonly Trial[]
}

/** Returns the lines of the banner. */
export function banner (facts: Facts, io: Io): string[] {
  const paint = paintOf(io.stdout, io)
  const { version, file, listeners, admin, threads, routes, upstreams, policies, warnings, tries } = facts
  const sizes = [count(routes, 'route'), count(upstreams, 'upstream'), count(policies, 'policy')].join(' · ')
  const routesOfAdmin = ['/readyz', '/metrics', '/upstreams', '/explain'].join(' · ')
  const shown = facts.console ? `open it in a browser · ${routesOfAdmin}` : routesOfAdmin
  const adminLine = `  ${paint.green('➜')} admin   ${paint.cyan(admin ?? '')}   ${paint.dim(shown)}`
  return [
    '',
    `  ${paint.bold(`onedoor ${version}`)}   node ${process.versions.node}   pid ${process.pid}   ${file} (${sizes})`,
    `  ${paint.dim(`${count(threads.count, 'thread')} ${threads.why}`)}`,
    ...listeners.map(url => `  ${paint.green('➜')} proxy   ${paint.cyan(url)}`),
    ...(admin === undefined ? [] : [adminLine]),
    ...warnings.map(problem => `  ${paint.yellow('!')} ${problem.message}${paint.dim(placed(problem, io))}`),
    ...(tries.length === 0 ? [] : ['', '  try']),
    // Not after the command: in an interactive zsh `#` does not begin a comment.
    ...tries.flatMap(({ command, shows }) => [`    ${paint.dim(shows)}`, `      ${command}`]),
    ''
  ]
}

function placed (problem: Problem, { cwd }: Io): string {
  const place = placeOf(problem, cwd)
  return place === undefined ? '' : `   (${place})`
}
