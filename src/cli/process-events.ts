/** Handles signals and uncaught errors of the process. */

import type { Gateway } from '../gateway/gateway.ts'
import { exit } from './io.ts'
import { handleSignals, interrupted, type StopSignal } from './signals.ts'

/** In milliseconds. A launcher or terminal may deliver a signal twice within this time; a second signal of a user comes later. */
const echo = 100

/**
 * Starts a gateway and resolves to the exit status after its shutdown. Rejects when the start fails.
 *
 * - SIGTERM and SIGINT drain, with status 0, or 3 when requests were cut. A second one, or one before the gateway serves, ends the process
 * at once with status 143 or 130.
 * - SIGHUP reloads the configuration. Before the start has finished it does so afterwards.
 * - An unhandled rejection is logged and the gateway continues: it usually belongs to one request.
 * - An uncaught exception leaves an unknown state, so it is logged, requests in flight may finish, and the status is 1. In a thread that
 * serves clients only this thread ends, and is replaced; the status is 1 when none is left.
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
  // What started this process starts it again.
  gateway.gone = () => { if (stoppedAt === undefined) shutDown(exit.problem) }
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
