/** Standard output of the process, which many logs may share. */

import { constants, fstatSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { LineOutput } from './line-output.ts'

/** The descriptor of standard output. */
export const stdout = 1

/** Most characters that are kept for a reader. */
const longestQueue = 4 * 1024 * 1024

let output: LineOutput | undefined

/** The output that all logs share. */
export function standardOutput (): LineOutput {
  return output ??= new LineOutput({ descriptor: descriptor(), file: fstatSync(stdout).isFile(), limit: longestQueue })
}

/** The number of log lines that were dropped since the start. */
export function linesLost (): number {
  return output?.lost ?? 0
}

/** A non-blocking descriptor. Node makes pipes and sockets non-blocking with their stream; a terminal is opened again. */
function descriptor (): number {
  void process.stdout
  if (!isatty(stdout)) return stdout
  try {
    return openSync('/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    // The process may not open it, as in some containers: it is used as it is.
    return stdout
  }
}
