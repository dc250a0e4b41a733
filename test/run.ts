/**
 * Runs the tests: `npm test`, those of a folder with `npm test -- rate-limiting`, one file with `npm test -- rate-limiting/table`.
 * The files of a folder share a process. Options of Node go to the processes, for example `--test-name-pattern=burst`.
 * With `--durations`, the slowest files are listed at the end.
 * With `--watch`, each file has a process of its own that runs again when a file that it imports changes.
 */

import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { Durations } from './runner/durations.ts'
import { processesOf } from './runner/processes.ts'
import { runProcess, type TestEvent } from './runner/run-process.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/node')

const given = process.argv.slice(2)
const options = given.filter(argument => argument.startsWith('--') && argument !== '--durations')
const files = filesOf(given.filter(argument => !argument.startsWith('--')))
const totals = { passed: 0, failed: 0, skipped: 0 }
const durations = new Durations(join(root, 'node_modules/.cache/test-durations.json'))
const reporter = new spec()
reporter.pipe(process.stdout)

if (options.includes('--watch')) run({ files, watch: true, execArgv: options.filter(option => option !== '--watch') }).pipe(reporter)
else await runOnce()

/** Runs the processes, the longest first, one more at a time than there are cores, because tests also wait for timers and sockets. */
async function runOnce (): Promise<void> {
  const started = performance.now()
  const waiting = durations.longestFirst(processesOf(files))
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, async () => {
    for (let some = waiting.shift(); some !== undefined; some = waiting.shift()) {
      // A process is reported when it has ended, so that the tests of two do not mix.
      for (const event of await runProcess(some, options)) report(event, some)
    }
  }))
  // With an option such as `--test-name-pattern`, some tests did not run.
  if (options.length === 0) durations.save()
  if (given.includes('--durations')) for (const [file, ms] of durations.slowest(30)) diagnostic(`${(ms / 1000).toFixed(1)} s  ${file}`)
  for (const [name, count] of Object.entries(totals)) diagnostic(`${name} ${count}`)
  diagnostic(`duration ${((performance.now() - started) / 1000).toFixed(1)} s`)
  reporter.end()
  if (totals.failed > 0) process.exitCode = 1
}

/** Gives an event of a process to the reporter and counts it. The summaries of the processes are left out. */
function report (event: TestEvent, from: readonly string[]): void {
  const { type, data } = event
  if (type === 'test:summary' || (type === 'test:diagnostic' && data['file'] === undefined)) return
  reporter.write(event)
  durations.add(event, from)
  if ((data['details'] as { readonly type?: string } | undefined)?.type === 'suite') return
  if (type === 'test:fail' && data['todo'] === undefined) totals.failed++
  if (type === 'test:pass') totals[data['skip'] === undefined ? 'passed' : 'skipped']++
}

/** Adds a line to the summary. */
function diagnostic (message: string): void {
  reporter.write({ type: 'test:diagnostic', data: { nesting: 0, message, level: 'info' } })
}

/** The test files that have one of these names: a folder or a file below `test/`. Without names, all. */
function filesOf (wanted: readonly string[]): readonly string[] {
  const all = globSync('test/**/*.test.ts').toSorted()
  if (wanted.length === 0) return all
  return [...new Set(wanted.flatMap(name => {
    const path = `test/${name.replace(/^(\.\/)?test\//, '').replace(/\/$|\.test\.ts$/, '')}`
    const found = all.filter(file => file.startsWith(`${path}/`) || file === `${path}.test.ts`)
    if (found.length === 0) {
      console.error(`No folder and no test file is named ${path}`)
      process.exit(1)
    }
    return found
  }))]
}
