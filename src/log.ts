/** The process log: one JSON object a line for machines, or one short line for eyes. */

import { isatty } from 'node:tty'
import { destination as openDestination, pino, type DestinationStream, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'

export type { Logger } from 'pino'

/** The `logging` part of gateway.yaml. */
export interface LogOptions {
  readonly level: string
  /** `auto` is `pretty` on a terminal and `json` everywhere else. */
  readonly format: 'auto' | 'json' | 'pretty'
}

/** Standard output, by number: the stream object would make writes to a terminal or a file block. */
const stdout = 1

/** Bytes of lines that wait for a reader that has stopped reading; above it lines are dropped, because memory is needed for traffic. */
const backlog = 16 * 1024 * 1024

/** Credentials must not reach the log, whichever plugin logs a request, an answer or an error that carries them. */
const secretHeaders = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key']
const carriers = ['headers', 'req.headers', 'request.headers', 'res.headers', 'response.headers', 'err.headers']
const redacted = carriers.flatMap(carrier => secretHeaders.map(name => `${carrier}["${name}"]`))

/**
 * Makes the process log. Each JSON line has `level` (a word), `time` (milliseconds since 1970), `msg` and the fields of the event; neither process id
 * nor host name, which whoever collects the lines knows better. Control characters are escaped, so no value can begin a line.
 *
 * Lines are written in the background in the order they were logged; what is still waiting when the process ends, by itself or by an
 * uncaught error, is written before it does.
 *
 * @param destination where JSON lines go; standard output unless given
 */
export function createLogger ({ level, format }: LogOptions, destination?: DestinationStream): Logger {
  const pretty = format === 'pretty' || (format === 'auto' && destination === undefined && isatty(stdout))
  return pino({
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    redact: { paths: redacted, censor: '[redacted]' }
  }, pretty ? prettyStream(destination) : destination ?? openDestination({ dest: stdout, sync: false, maxLength: backlog }))
}

function prettyStream (destination: DestinationStream | undefined): DestinationStream {
  return PinoPretty({
    colorize: destination === undefined && isatty(stdout),
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    sync: true,
    destination: (destination ?? stdout) as never
  })
}
