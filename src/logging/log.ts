/** The process log: one JSON object a line for machines, or one short line for eyes. */

import { isatty } from 'node:tty'
import { pino, type DestinationStream, type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { serializeError } from './log-error.ts'
import { builtInRedaction } from './log-redaction.ts'
import { rememberLines } from './log-lines.ts'
import { standardOutput, stdout } from './standard-output.ts'

export type { Logger } from 'pino'

/** What the log is made with, of the `logging` part of gateway.yaml. */
export interface LogOptions {
  readonly level: string
  /** `auto` is `pretty` on a terminal and `json` everywhere else. */
  readonly format: 'auto' | 'json' | 'pretty'
}

/**
 * Makes the process log. Each JSON line has `level` (a word), `time` (milliseconds since 1970), `msg` and the fields of the event; neither process id
 * nor host name, which whoever collects the lines knows better. Control characters are escaped, so no value can begin a line.
 *
 * Lines are written in order, all of one turn of the event loop at once. What waits when the process ends, by itself or by an uncaught error,
 * is written before it does. A reader that does not read holds up nothing: see line-output.ts.
 *
 * @param destination where lines go; standard output unless given
 */
export function createLogger ({ level, format }: LogOptions, destination: DestinationStream = standardOutput()): Logger {
  const terminal = destination === standardOutput() && isatty(stdout)
  const pretty = prettyStream(destination, terminal)
  const stream = format === 'pretty' || (format === 'auto' && terminal) ? pretty : { write: (line: string) => destination.write(line) }
  rememberLines(stream, { like: stream, text: destination, pretty })
  const log = pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    redact: builtInRedaction,
    serializers: { err: serializeError, req: serializeRequest }
  }, stream)
  if (destination === standardOutput()) standardOutput().recovered = lost => log.warn({ lost }, 'standard output takes lines again')
  return log
}

/** Returns the function that makes a line for eyes of a JSON line. */
export function prettyLine (colorize = false): (line: string) => string {
  return prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
}

function prettyStream (destination: DestinationStream, terminal: boolean): DestinationStream {
  const pretty = prettyLine(terminal)
  return { write: line => { destination.write(pretty(line)) } }
}

/** What a plugin logs as `req`. Without query: it may carry tokens and names of people. */
function serializeRequest (request: { readonly method?: string, readonly url?: string }): unknown {
  return typeof request?.url === 'string' ? { method: request.method, path: request.url.replace(/\?[^]*$/, '') } : request
}
