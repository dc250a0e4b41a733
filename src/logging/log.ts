/** The process log: one JSON object per line for machines, or one short line for people. */

import { createRequire } from 'node:module'
import { isatty } from 'node:tty'
import { pino, type DestinationStream, type Logger } from 'pino'
import type * as PinoPretty from 'pino-pretty'
import { serializeError } from './log-error.ts'
import { builtInRedaction } from './log-redaction.ts'
import { rememberLines } from './log-lines.ts'
import { standardOutput, stdout } from './standard-output.ts'

export type { Logger } from 'pino'

/** The options of the log, from the `logging` section of gateway.yaml. */
export interface LogOptions {
  readonly level: string
  /** `auto` is `pretty` on a terminal and `json` everywhere else. */
  readonly format: 'auto' | 'json' | 'pretty'
}

/**
 * Creates the process log. Each JSON line has `level` (a word), `time` (milliseconds since 1970), `msg` and the fields of the event. It has
 * neither process id nor host name, which the log collector adds. Control characters are escaped, so no value can begin a new line.
 *
 * Lines are written in order, all lines of an event-loop tick at once. Lines that are left when the process ends, by itself or by an
 * uncaught error, are written first. A reader that does not read delays nothing, see line-output.ts.
 *
 * @param destination where lines go; standard output by default
 */
export function createLogger ({ level, format }: LogOptions, destination: DestinationStream = standardOutput()): Logger {
  const terminal = destination === standardOutput() && isatty(stdout)
  const pretty = prettyStream(destination, terminal)
  const stream = format === 'pretty' || (format === 'auto' && terminal) ? pretty : { write: (line: string) => destination.write(line) }
  rememberLines(stream, { like: stream, text: destination, pretty })
  return pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    redact: builtInRedaction,
    serializers: { err: serializeError, req: serializeRequest }
  }, stream)
}

/** Returns a function that formats a JSON line for people. */
export function prettyLine (colorize = false): (line: string) => string {
  // Loaded with the first line: most gateways never write one for people.
  let format: ((line: string) => string) | undefined
  return line => {
    if (format === undefined) {
      const { prettyFactory } = createRequire(import.meta.url)('pino-pretty') as typeof PinoPretty
      format = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: true }) as (line: string) => string
    }
    return format(line)
  }
}

function prettyStream (destination: DestinationStream, terminal: boolean): DestinationStream {
  const pretty = prettyLine(terminal)
  return { write: line => { destination.write(pretty(line)) } }
}

/** Serializes what a plugin logs as `req`. The query is left out, because it may contain tokens and personal data. */
function serializeRequest (request: { readonly method?: string, readonly url?: string }): unknown {
  return typeof request?.url === 'string' ? { method: request.method, path: request.url.replace(/\?[^]*$/, '') } : request
}
