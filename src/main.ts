/** The process around the command line. */

import './cli/signals.ts'

const { run } = await import('./cli/run.ts')

// `onedoor routes | head -1`: a reader that has seen enough is no failure.
for (const output of [process.stdout, process.stderr]) output.on('error', ignoreBrokenPipe)

const status = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd()
})

// Ends even where a plugin has left something running, but not before what was written is out.
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)))

function ignoreBrokenPipe (error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
