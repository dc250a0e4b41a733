#!/usr/bin/env node
/**
 * The command `onedoor`. On a Node that runs TypeScript it is src/main.ts; on an older one it starts itself again on the Node
 * that `npm ci` has put beside it, and behaves as if it were that process. Must parse on Node 12 to be able to say what is wrong.
 */
import { spawn } from 'child_process'
import { existsSync, realpathSync } from 'fs'
import { join } from 'path'
import { isatty } from 'tty'
import { fileURLToPath } from 'url'
import { refusal, runsTypeScript } from './runtime.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const bundled = join(root, 'node_modules', 'node', 'bin', 'node')

if (runsTypeScript(process.versions.node)) {
  // Not awaited: Node 12 has no top-level await. A failure is an unhandled rejection, which prints it and ends with status 1.
  void import('../src/main.ts')
} else if (existsSync(bundled) && realpathSync(bundled) !== realpathSync(process.execPath)) {
  runOn(bundled)
} else {
  refuse()
}

function refuse () {
  process.stderr.write(refusal(process.versions.node, root))
  process.exitCode = 1
}

function runOn (node) {
  const child = spawn(node, process.execArgv.concat(fileURLToPath(import.meta.url), process.argv.slice(2)), { stdio: 'inherit' })
  // A child that cannot be started: the Node beside us was made for another system (glibc on Alpine, say).
  child.on('error', refuse)

  const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
  forwarded.forEach(function (signal) {
    process.on(signal, function () {
      if (!typed(signal)) child.kill(signal)
    })
  })

  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code)
    // Die as the child died, so that whoever waits for us sees the same.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A terminal sends Ctrl-C and Ctrl-\ to the child as well; passed on once more they would count as a second, impatient one. */
function typed (signal) {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && (isatty(0) || isatty(1) || isatty(2))
}
