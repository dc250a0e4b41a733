#!/usr/bin/env node
/**
 * The command `onedoor`: src/main.ts in a checkout, dist/src/main.js in the package. On a Node that is too old it starts itself again on
 * the npm package `node` where that is installed, and behaves as if it were that process. Must parse on Node 12 to say what is wrong.
 */
import { existsSync, realpathSync } from 'fs'
import { createRequire } from 'module'
import { basename, join } from 'path'
import { fileURLToPath } from 'url'
import { keepCompiledCode } from './compile-cache.mjs'
import { whenNpmEnds } from './npm-parent.mjs'
import { refusal, runsTypeScript } from './runtime.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const inCheckout = existsSync(join(root, 'src', 'main.ts'))
const bundled = bundledNode()

if (runsTypeScript(process.versions.node)) {
  keepCompiledCode(process.env)
  whenNpmEnds(process.env, function () { process.kill(process.pid, 'SIGTERM') })
  // Not awaited: Node 12 has no top-level await. A failure is an unhandled rejection, which prints it and ends with status 1.
  void import(inCheckout ? '../src/main.ts' : '../dist/src/main.js')
} else if (bundled !== undefined && realpathSync(bundled) !== realpathSync(process.execPath)) {
  runOn(bundled)
} else {
  refuse()
}

/** The npm package `node` in the `node_modules` of a checkout, or beside this package in those of a project. */
function bundledNode () {
  const beside = join(root, '..')
  const folders = [join(root, 'node_modules')].concat(basename(beside) === 'node_modules' ? beside : [])
  return folders.map(function (folder) { return join(folder, 'node', 'bin', 'node') }).find(existsSync)
}

function refuse () {
  process.stderr.write(refusal(process.versions.node, inCheckout ? root : undefined))
  process.exitCode = 1
}

function runOn (node) {
  // Loaded here, because a Node that is new enough, such as that of a health check, pays for them too.
  const require = createRequire(import.meta.url)
  const { spawn } = require('child_process')
  const { isatty } = require('tty')
  const child = spawn(node, process.execArgv.concat(fileURLToPath(import.meta.url), process.argv.slice(2)), { stdio: 'inherit' })
  // A child that cannot be started: the Node beside us was made for another system (glibc on Alpine, say).
  child.on('error', refuse)

  whenNpmEnds(process.env, function () { child.kill('SIGTERM') })

  const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']
  forwarded.forEach(function (signal) {
    process.on(signal, function () {
      if (!typed(signal, isatty)) child.kill(signal)
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
function typed (signal, isatty) {
  return (signal === 'SIGINT' || signal === 'SIGQUIT') && (isatty(0) || isatty(1) || isatty(2))
}
