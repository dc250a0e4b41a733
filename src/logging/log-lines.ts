/** Finished lines for the process log, from code that formats its own, such as the access log. They keep their order with all others. */

import type { DestinationStream } from 'pino'
import { streamOf } from '../internals/pino-stream.ts'

/** Takes finished lines. Each ends with a line feed. */
export interface LogLines {
  /** Takes JSON lines and writes them in the format of the log. */
  readonly like: DestinationStream
  /** Writes any text as it is. */
  readonly text: DestinationStream
  /** Formats JSON lines for people. */
  readonly pretty: DestinationStream
}

const lines = new WeakMap<object, LogLines>()

/** Registers the output behind the stream of a log. */
export function rememberLines (stream: DestinationStream, behind: LogLines): void {
  lines.set(stream, behind)
}

/** The output for finished lines of a log; undefined for a log of the embedding program, which has only its methods. */
export function logLines (log: object): LogLines | undefined {
  const stream = streamOf(log)
  return stream === undefined ? undefined : lines.get(stream)
}
