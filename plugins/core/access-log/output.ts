/** Where the lines of the access log go, and which of them. */

import type { FastifyBaseLogger } from 'fastify'
import { type Config, logLines } from '../../../src/index.ts'
import type { FileOutput } from './file-output.ts'
import type { AccessLevel } from './level.ts'

export interface Output {
  /** Whether a line of this level is written at all; asked first, so that nothing is made in vain. */
  takes (level: AccessLevel): boolean
  /** Takes a line with its line feed. */
  write (line: string, level: AccessLevel): void
}

/** The process log. Its level applies, and the lines stay in order with all others. */
export function logOutput (log: FastifyBaseLogger, format: Config['accessLog']['format']): Output {
  const asked = log as FastifyBaseLogger & { isLevelEnabled (level: string): boolean }
  const takes = (level: AccessLevel): boolean => asked.isLevelEnabled(level)
  const lines = logLines(log)
  // A log that was made elsewhere takes what comes through its methods only.
  if (lines === undefined) return { takes, write: (line, level) => resaid(log, level, line, format) }
  const stream = format === 'auto' ? lines.like : format === 'pretty' ? lines.pretty : lines.text
  return { takes, write: line => { stream.write(line) } }
}

/** A file of its own: every line, whatever the level of the process log. */
export function fileOutput (file: FileOutput, pretty: ((line: string) => string) | undefined): Output {
  return { takes: () => true, write: line => { file.write(pretty === undefined ? line : pretty(line)) } }
}

function resaid (log: FastifyBaseLogger, level: AccessLevel, line: string, format: Config['accessLog']['format']): void {
  if (format === 'combined') {
    log[level](line.trimEnd())
    return
  }
  const { level: _level, time: _time, msg, ...fields } = JSON.parse(line) as { level: string, time: number, msg: string }
  log[level](fields, msg)
}
