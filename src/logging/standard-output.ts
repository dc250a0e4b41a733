/** Standard output of the process, which many logs may share. */

import { constants, fstatSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Link } from '../contract/link.ts'
import { LineOutput } from './line-output.ts'
import type { LogOutput } from './log-output.ts'
import { ThreadOutput } from './thread-output.ts'

/** The descriptor of standard output. */
export const stdout = 1

/** Most characters that are kept for a reader. */
const longestQueue = 4 * 1024 * 1024

let output: LogOutput | undefined
/** The same in a data thread. */
let handed: ThreadOutput | undefined

/** In a data thread, before its first line: from here on the control thread writes the lines of this thread. */
export function handLinesTo (control: Link): void {
  output = handed = new ThreadOutput(control)
}

/** In a data thread: hands over the lines that wait, so that they come before what the control thread is told next. */
export function handLines (): void {
  handed?.flush()
}

/** The output that all logs of this thread share. */
export function standardOutput (): LogOutput {
  return output ??= new LineOutput({ descriptor: descriptor(), file: fstatSync(stdout).isFile(), limit: longestQueue })
}

/** The number of log lines that were dropped since the start, those of all threads; 0 in a data thread. */
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
