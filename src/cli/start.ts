/** `onedoor start`: runs the gateway until a signal stops it. */

import { formatProblem } from '../config/check/problem.ts'
import { Gateway, type Addresses } from '../gateway/gateway.ts'
import { version } from '../gateway/own-package.ts'
import { threadsOf } from '../threads/thread-count.ts'
import { banner } from './banner.ts'
import type { Arguments } from './command.ts'
import { choose } from './configuration.ts'
import { count } from './count.ts'
import { exit, type Io } from './io.ts'
import { listenFailure } from './listen-failure.ts'
import { paintOf } from './paint.ts'
import { pathFrom, problemsOf, writeProblems } from './problems.ts'
import { runProcess } from './process-events.ts'
import { sizesOf } from './sizes.ts'
import { trials } from './trials.ts'

export async function start (args: Arguments, io: Io): Promise<number> {
  const { file, env, overrides } = choose(args, io, 0)
  // What `pidof onedoor` finds.
  process.title = 'onedoor'
  const gateway = new Gateway({ file, env, overrides, watch: true }, undefined, true)
  try {
    return await runProcess(gateway, async () => await announce(gateway, gateway.addresses!, file, io))
  } catch (error) {
    return explainFailure(error, gateway, io)
  }
}

function explainFailure (error: unknown, gateway: Gateway, io: Io): number {
  const { red } = paintOf(io.stderr, io)
  const refused = problemsOf(error)
  if (refused !== undefined) {
    const errors = refused.problems.filter(({ severity }) => severity === 'error').length
    writeProblems(refused.problems, refused.source, io.stderr, io)
    io.stderr.write(red(`${count(errors, 'problem')}, nothing started\n`))
    return exit.problem
  }
  const message = listenFailure(error, gateway, io.cwd) ?? (error instanceof Error ? error.message : String(error))
  io.stderr.write(`${red('onedoor:')} ${message}\n`)
  return exit.problem
}

/** Writes a banner on a terminal, and one line elsewhere. */
async function announce (gateway: Gateway, addresses: Addresses, file: string, io: Io): Promise<void> {
  const { config, warnings, document } = gateway.loaded
  const facts = { version, file: pathFrom(io.cwd, file), ...addresses, threads: threadsOf(config), ...sizesOf(config) }
  if (io.stdout.isTTY === true && config.logging.format !== 'json') {
    // With a plugin that cannot be rehearsed, the banner has no trials. The gateway still starts.
    const tries = await trials(gateway, facts, io).catch(() => [])
    const lines = banner({ ...facts, console: config.console.enabled, warnings, tries }, io)
    io.stdout.write(`${lines.join('\n')}\n`)
    return
  }
  gateway.log.info({ ...facts, warnings: warnings.length }, 'gateway started')
  for (const warning of warnings) {
    gateway.log.warn({ warning: formatProblem(warning, () => undefined) || [...document.files.keys()][0] }, 'configuration warning')
  }
}
