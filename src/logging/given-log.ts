/** The log of a gateway whose program gives it a logger. */

import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import { createLogger } from './log.ts'

/**
 * Returns a log whose lines go to a logger of the program. It is a child of a pino logger. Any other logger, of which only the methods of
 * Fastify's interface are expected, gets the fields and the message of each line. One without a level, such as that of a Fastify app with
 * `logger: false`, gets nothing.
 */
export function logTo (given: FastifyBaseLogger): FastifyBaseLogger {
  if (typeof (given as Partial<Logger>).isLevelEnabled === 'function') return given.child({})
  return createLogger({ level: given.level ?? 'silent', format: 'json' }, { write: line => pass(line, given) })
}

function pass (line: string, given: FastifyBaseLogger): void {
  const { level, time: _, msg, ...fields } = JSON.parse(line) as { level: 'info', time: number, msg?: string }
  given[level](fields, msg)
}
