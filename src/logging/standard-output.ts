/** Standard output of the process, which many logs may share. */

import { constants, fstatSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { LineOutput } from './line-output.ts'

/** Its number. */
export const stdout = 1

/** Most characters that wait for a reader. */
const longestQueue = 4 * 1024 * 1024

let output: LineOutput | undefined

/** The one output to it, however many logs there are. */
export function standardOutput (): LineOutput {
  return output ??= new LineOutput({ descriptor: descriptor(), file: fstatSync(stdout).isFile(), limit: longestQueue })
}

/** Log lines that standard output has not taken, since the start. */
export function linesLost (): number {
  return output?.lost ?? 0
}

/** One that never waits: a pipe and a socket do not once Node has made its stream of them, a terminal where it is opened again. */
function descriptor (): number {
  void process.stdout
  if (!isatty(stdout)) return stdout
  try {
    return openSync('/dev/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    // Not ours to open, as in some containers: it is written as it is.
    return stdout
  }
}
