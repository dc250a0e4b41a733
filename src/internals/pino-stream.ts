/**
 * The stream that a log and all its children write to.
 *
 * Relies on: they have it under `pino.symbols.streamSym`. pino exports its symbols for library implementers and does
 * not document them one by one.
 * Checked with pino 10.4.0.
 * Without it: access lines in other formats than JSON become ordinary log lines.
 */

import { pino } from 'pino'

/** The stream of a log; undefined for a log that pino did not make. */
export function streamOf (log: object): object | undefined {
  return (log as Readonly<Record<symbol, object | undefined>>)[pino.symbols.streamSym]
}
