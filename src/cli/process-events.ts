/** What the process does with signals and with errors that nobody caught. */

import type { Gateway } from '../gateway/gateway.ts'
import { exit } from './io.ts'
import { handleSignals, interrupted, type StopSignal } from './signals.ts'

/** A launcher or a terminal may deliver one signal twice; an impatient person takes longer, in milliseconds. */
const echo = 100

/**
 * Starts a gateway and resolves to the exit status when it has been shut down. Rejects as the start does.
 *
 * - SIGTERM and SIGINT drain, status 0, or 3 when requests were cut; a second one ends the process at once, status 143 or 130, and so does one that comes
 *   before the gateway serves;
 * - SIGHUP loads the configuration again, after the start when it comes before;
 * - an unhandled rejection is logged and the gateway serves on: as a rule it is one request's;
 * - an uncaught exception leaves nobody knows what behind, so it is logged, requests in flight may finish, and the status is 1.
 */
export async function runProcess (gateway: Gateway, started: () => Promise<void>): Promise<number> {
  const ended = Promise.withResolvers<number>()
  let stoppedAt: number | undefined
  let reloadAfterStart = false

  const shutDown = (status?: number): void => {
    stoppedAt ??= performance.now()
    gateway.shutdown().then(cut => ended.resolve(status ?? (cut > 0 ? exit.cut : exit.ok)), (error: unknown) => {
      gateway.log.fatal({ err: error }, 'shutdown error, forcing close')
      ended.resolve(exit.problem)
    })
  }
  const stop = (signal: StopSignal): void => {
    if (!gateway.serving) process.exit(interrupted[signal])
    if (stoppedAt === undefined) shutDown()
    else if (performance.now() - stoppedAt > echo) process.exit(interrupted[signal])
  }

  handleSignals({ stop, reload () { reloadAfterStart = true } })
  try {
    await gateway.start()
  } catch (error) {
    if (stoppedAt === undefined) throw error
    return await ended.promise
  }
  handleSignals({ stop, reload () { void gateway.reload('SIGHUP') } })
  process.on('unhandledRejection', reason => { gateway.log.error({ err: reason }, 'unhandled rejection') })
  process.on('uncaughtException', error => {
    gateway.log.fatal({ err: error }, 'uncaught exception')
    if (stoppedAt === undefined) shutDown(exit.problem)
  })
  await started()
  if (reloadAfterStart) void gateway.reload('SIGHUP')
  return await ended.promise
}
