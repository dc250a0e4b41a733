/** Finished lines for the process log: whoever makes its text itself hands it over here, and it stands in order with all other lines. */

import { pino, type DestinationStream } from 'pino'

/** Where finished lines go; each ends with a line feed. */
export interface LogLines {
  /** JSON lines, shown as the log shows its own. */
  readonly like: DestinationStream
  /** Any text, as it is. */
  readonly text: DestinationStream
  /** JSON lines, for eyes. */
  readonly pretty: DestinationStream
}

const lines = new WeakMap<object, LogLines>()

/** Says what lies behind the stream of a log. */
export function rememberLines (stream: DestinationStream, behind: LogLines): void {
  lines.set(stream, behind)
}

/** Where finished lines for a log go; undefined for a log that somebody else has made, which takes only what goes through its methods. */
export function logLines (log: object): LogLines | undefined {
  const stream = (log as Readonly<Record<symbol, object | undefined>>)[pino.symbols.streamSym]
  return stream === undefined ? undefined : lines.get(stream)
}
