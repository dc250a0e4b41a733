/**
 * Handles signals from the first line of the program on: for the first process of a container (PID 1) a signal without a handler has no
 * effect. Imports nothing, because imported modules run first.
 */

/** Exit statuses of a process that a signal ended, as in a shell: 128 plus the number of the signal. */
export const interrupted = { SIGINT: 130, SIGTERM: 143 } as const

/** A signal that stops the process. */
export type StopSignal = keyof typeof interrupted

/** The signal handlers of a command. */
export interface SignalHandler {
  stop (signal: StopSignal): void
  reload (): void
}

let handler: SignalHandler = {
  // Nothing runs yet that needs an orderly shutdown.
  stop: signal => process.exit(interrupted[signal]),
  reload () { hungUp = true }
}
let hungUp = false

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => handler.stop(signal))
process.on('SIGHUP', () => handler.reload())

/** Passes signals to a command from now on. An earlier SIGHUP is passed to it at once. */
export function handleSignals (next: SignalHandler): void {
  handler = next
  if (hungUp) next.reload()
  hungUp = false
}
