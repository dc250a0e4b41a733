/** Runs test files in one child process and ends it when it hangs. */

import { relative } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'

/** What happens in a test process, as the reporters of `node:test` read it. */
export interface TestEvent {
  readonly type: string
  readonly data: Record<string, unknown>
}

const program = fileURLToPath(new URL('process.ts', import.meta.url))

/** How long a test may take, in ms. */
const testTimeout = 120_000

/** How long a process may report nothing, in ms. More than a test may take. */
const silence = 150_000

/**
 * Runs `files` in one process with further options of Node. A test that takes too long fails by its name.
 * A process that ends early or reports nothing for too long fails, and its last test is named.
 */
export async function runProcess (files: readonly string[], nodeOptions: readonly string[] = []): Promise<readonly TestEvent[]> {
  const hanging = new AbortController()
  const watchdog = setTimeout(() => { hanging.abort() }, silence)
  const stream = run({
    files: [program],
    argv: [...files],
    execArgv: [`--test-timeout=${testTimeout}`, ...nodeOptions],
    signal: hanging.signal
  })
  const events: TestEvent[] = []
  const unfinished = new Set<unknown>()
  let last = 'its start'
  let ended = true
  for await (const event of stream as AsyncIterable<TestEvent>) {
    watchdog.refresh()
    const { name, file, testId } = event.data
    if (name === program) {
      // The process itself, which Node takes for a test.
      if (event.type === 'test:fail') ended = false
      continue
    }
    events.push(event)
    if (event.type === 'test:enqueue') unfinished.add(testId)
    if (event.type === 'test:complete') unfinished.delete(testId)
    if (event.type === 'test:dequeue') last = `'${String(name)}' in ${relative('', String(file))}`
  }
  clearTimeout(watchdog)
  if (ended && unfinished.size === 0) return events
  const why = hanging.signal.aborted ? `reported nothing for ${silence / 1000} s: a test hangs or left something open` : 'ended early'
  return [...events, ...failure(`The process of ${files.join(', ')} ${why}. Its last event was ${last}.`)]
}

/** The events of a test that fails with `message`. */
function failure (message: string): readonly TestEvent[] {
  const error = new Error(message)
  error.stack = message
  const data = { name: 'a test process ends by itself', nesting: 0, file: program, line: 1, column: 1 }
  return [
    { type: 'test:start', data },
    { type: 'test:fail', data: { ...data, details: { duration_ms: 0, type: 'test', error } } }
  ]
}
