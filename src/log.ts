/** The process log: one JSON object a line for machines, or one short line for eyes. */

import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { pino, type DestinationStream, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'

export type { Logger } from 'pino'

/** The `logging` part of gateway.yaml. */
export interface LogOptions {
  readonly level: string
  /** `auto` is `pretty` on a terminal and `json` everywhere else. */
  readonly format: 'auto' | 'json' | 'pretty'
}

/** Standard output, by number. */
const stdout = 1

/** Credentials must not reach the log, whichever plugin logs a request, an answer or an error that carries them. */
const secretHeaders = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key']
const carriers = ['headers', 'req.headers', 'request.headers', 'res.headers', 'response.headers', 'err.headers']
const redacted = carriers.flatMap(carrier => secretHeaders.map(name => `${carrier}["${name}"]`))

/**
 * Makes the process log. Each JSON line has `level` (a word), `time` (milliseconds since 1970), `msg` and the fields of the event; neither process id
 * nor host name, which whoever collects the lines knows better. Control characters are escaped, so no value can begin a line.
 *
 * Lines are written in order, all of one turn of the event loop at once. What waits when the process ends, by itself or by an uncaught error,
 * is written before it does. (Writing in the background would wait for the threads that also resolve names, and a crash would overtake it.)
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
  }, pretty ? prettyStream(destination) : destination ?? batchedStream())
}

function batchedStream (): DestinationStream & { flushSync (): void } {
  let waiting = ''
  const flushSync = (): void => {
    const lines = Buffer.from(waiting)
    waiting = ''
    writeAll(lines)
  }
  process.once('exit', flushSync)
  return {
    write (line) {
      if (waiting === '') setImmediate(flushSync)
      waiting += line
    },
    flushSync
  }
}

/** What cannot be written, because nobody reads any more or the disk is full, is dropped: no reason for a gateway to stop. */
function writeAll (bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(stdout, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      // The other end of a pipe has set it not to block, and is slow.
      Atomics.wait(sleeper, 0, 0, 1)
    }
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))

function prettyStream (destination: DestinationStream | undefined): DestinationStream {
  return PinoPretty({
    colorize: destination === undefined && isatty(stdout),
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    sync: true,
    destination: (destination ?? stdout) as never
  })
}
