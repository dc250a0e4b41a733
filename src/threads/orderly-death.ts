/** What becomes of a data thread in which an error was not caught: its requests may finish, and then it ends and is replaced. */

import type { FastifyBaseLogger } from 'fastify'
import { within } from '../scheduling/within.ts'

/** How long its requests may take, in milliseconds. */
const longestFarewell = 5000

/**
 * Handles uncaught errors. A rejected promise usually belongs to one request: it is logged. After an exception the state of the
 * thread is not known: it is logged, the thread closes, and ends with status 1.
 */
export function dieOrderly (log: FastifyBaseLogger, close: (timeout: number) => Promise<unknown>): void {
  let dying = false
  process.on('unhandledRejection', reason => { log.error({ err: reason }, 'unhandled rejection') })
  process.on('uncaughtException', error => {
    log.fatal({ err: error }, 'uncaught exception')
    if (dying) return
    dying = true
    void within(close(longestFarewell), longestFarewell + 1000).catch(() => {}).then(() => process.exit(1))
  })
}
