/** Processes that are pinned to a core, from their start, through the wait for a port, to their end. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Launch } from './contender.ts'
import type { Cores } from './proc.ts'
import { processTree } from './process-tree.ts'

/** The longest that a start may take; ten thousand routes need a while on a busy machine. */
const longestStart = 60_000

/** A process that listens. */
export class Running {
  readonly pid: number
  readonly folder: string
  readonly #process: ChildProcess

  constructor (started: ChildProcess, folder: string) {
    this.#process = started
    this.pid = started.pid!
    this.folder = folder
  }

  /** What it has written to standard error. */
  get errors (): string {
    return readFileSync(join(this.folder, 'errors.log'), 'utf8')
  }

  get ended (): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Ends it and all that it has started, at once: nothing of it may disturb the next sample. */
  async stop (): Promise<void> {
    if (this.ended) return
    const exit = once(this.#process, 'exit')
    for (const pid of processTree(this.pid)) process.kill(pid, 'SIGKILL')
    await exit
  }
}

/**
 * Starts a process on a core and waits until it listens. Its output goes to `output.log` and `errors.log` in its folder.
 * @throws Error with what it has said when it ends instead
 */
export async function start (launch: Launch, folder: string, core: Cores, port: number): Promise<Running> {
  for (const [name, text] of Object.entries(launch.files ?? {})) writeFileSync(join(folder, name), text)
  const output = openSync(join(folder, 'output.log'), 'a')
  const errors = openSync(join(folder, 'errors.log'), 'a')
  const started = spawn('taskset', ['-c', String(core), launch.command, ...launch.args], {
    cwd: folder,
    env: { ...process.env, ...launch.env },
    stdio: ['ignore', output, errors]
  })
  closeSync(output)
  closeSync(errors)
  await once(started, 'spawn')
  const running = new Running(started, folder)
  const until = performance.now() + longestStart
  while (!await answers(port)) {
    if (running.ended || performance.now() > until) {
      await running.stop()
      const log = readFileSync(join(folder, 'output.log'), 'utf8').slice(-2000)
      throw new Error(`${launch.command} does not listen:\n${running.errors}${log}`)
    }
    await sleep(20)
  }
  return running
}

async function answers (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => { socket.destroy(); resolve(true) })
    socket.once('error', () => resolve(false))
  })
}
