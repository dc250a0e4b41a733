/** A target process as the storm handles it: it is told how to behave, dies, freezes and comes back on its port. */

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Fault, Mode } from './faults.ts'

const program = fileURLToPath(new URL('target-process.ts', import.meta.url))

export class Target {
  readonly port: number
  readonly #posted: (token: string) => void
  #child: ChildProcess | undefined

  private constructor (port: number, posted: (token: string) => void) {
    this.port = port
    this.#posted = posted
  }

  /** Starts one. `posted` hears of every POST that reaches it. */
  static async start (random: () => number, posted: (token: string) => void): Promise<Target> {
    const target = new Target(await freePort(random), posted)
    await target.#run()
    return target
  }

  get url (): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Begins to misbehave. */
  async begin ({ does }: Fault): Promise<void> {
    if (does === 'freeze') this.#child!.kill('SIGSTOP')
    else if (does === 'die') await this.stop()
    else await this.#behave(does)
  }

  /** Is well again. */
  async end ({ does }: Fault): Promise<void> {
    if (does === 'freeze') this.#child!.kill('SIGCONT')
    else if (does === 'die') await this.#run()
    else await this.#behave('well', does === 'deaf')
  }

  async stop (): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async #behave (mode: Mode, listens = false): Promise<void> {
    const done = [this.#says('mode'), ...listens ? [this.#says('listening')] : []]
    this.#child!.send(mode)
    await Promise.all(done)
  }

  async #run (): Promise<void> {
    this.#child = fork(program, [String(this.port)], { execArgv: [] })
    this.#child.on('message', (message: { readonly posted?: string }) => {
      if (message.posted !== undefined) this.#posted(message.posted)
    })
    await this.#says('listening')
  }

  async #says (word: string): Promise<void> {
    const child = this.#child!
    await new Promise<void>((resolve, reject) => {
      const gone = (): void => reject(new Error(`the target on port ${this.port} ended`))
      const heard = (message: object): void => {
        if (!(word in message)) return
        child.off('message', heard).off('exit', gone)
        resolve()
      }
      child.on('message', heard).once('exit', gone)
    })
  }
}

/** A port that no outgoing connection takes while its target is dead: below those that Linux hands out. */
async function freePort (random: () => number): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(random() * 20_000)
    const server = createServer()
    const free = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
