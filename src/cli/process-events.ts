/** What the process does with signals and with errors that nobody caught. */

import type { Gateway } from '../gateway.ts'
import { exit } from './io.ts'

/** Statuses of a shell for a process that a signal ended: 128 and its number. */
const interrupted = { SIGINT: 130, SIGTERM: 143 } as const

/** A launcher or a terminal may deliver one signal twice; an impatient person takes longer, in milliseconds. */
const echo = 100

/**
 * Resolves to the exit status when the gateway has been shut down:
 *
 * - SIGTERM and SIGINT drain, status 0; a second one ends the process at once, status 143 or 130;
 * - SIGHUP loads the configuration again;
 * - an unhandled rejection is logged and the gateway serves on: as a rule it is one request's;
 * - an uncaught exception leaves nobody knows what behind, so it is logged, requests in flight may finish, and the status is 1.
 */
export async function superviseProcess (gateway: Gateway): Promise<number> {
  const ended = Promise.withResolvers<number>()
  let stoppedAt: number | undefined

  const stop = (status: number): void => {
    stoppedAt ??= performance.now()
    gateway.shutdown().then(() => ended.resolve(status), (error: unknown) => {
      gateway.log.fatal({ err: error }, 'shutdown error, forcing close')
      ended.resolve(exit.problem)
    })
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) stop(exit.ok)
      else if (performance.now() - stoppedAt > echo) process.exit(interrupted[signal])
    })
  }
  process.on('SIGHUP', () => { void gateway.reload('SIGHUP') })
  process.on('unhandledRejection', reason => { gateway.log.error({ err: reason }, 'unhandled rejection') })
  process.on('uncaughtException', error => {
    gateway.log.fatal({ err: error }, 'uncaught exception')
    if (stoppedAt === undefined) stop(exit.problem)
  })
  return await ended.promise
}
