/**
 * Signals of the process, handled from the first line of the program on: to a process that is the first one of its container (PID 1) a signal without a handler
 * does nothing. Imports nothing, because whatever is imported comes before it.
 */

/** Statuses of a shell for a process that a signal ended: 128 and its number. */
export const interrupted = { SIGINT: 130, SIGTERM: 143 } as const

/** A signal that asks the process to end. */
export type StopSignal = keyof typeof interrupted

/** What a command does with signals. */
export interface SignalHandler {
  stop (signal: StopSignal): void
  reload (): void
}

let handler: SignalHandler = {
  // Nothing runs yet that would have to be ended in order.
  stop: signal => process.exit(interrupted[signal]),
  reload () { hungUp = true }
}
let hungUp = false

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => handler.stop(signal))
process.on('SIGHUP', () => handler.reload())

/** Hands signals over to a command. A SIGHUP that came before is given to it at once. */
export function handleSignals (next: SignalHandler): void {
  handler = next
  if (hungUp) next.reload()
  hungUp = false
}
