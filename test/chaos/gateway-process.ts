/** The gateway of a storm: a process started as people start it, whose log, descriptors and memory are watched from outside. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

export interface Size {
  /** What each descriptor is, without the numbers that the system gave it, in order. */
  readonly descriptors: readonly string[]
  /** Bytes of the heaps of all threads that serve, after a collection. */
  readonly heap: number
  /** Resident bytes of the process. */
  readonly resident: number
}

export class GatewayProcess {
  /** Lines that are no request's. */
  readonly lines: Readonly<Record<string, unknown>>[] = []
  /** Access lines by token of the path. */
  readonly requests = new Map<string, number>()
  /** What is wrong with single access lines. */
  readonly faulty: string[] = []
  complaints = ''
  readonly ended: Promise<[status: number | null, signal: string | null]>
  readonly #child: ChildProcess
  readonly #file: string
  readonly #threads: number
  #started = Promise.withResolvers<Readonly<Record<string, unknown>>>()
  port = 0
  admin = ''

  /** @param threads how many serve */
  constructor (folder: string, yaml: string, threads = 1) {
    this.#threads = threads
    this.#file = join(folder, 'gateway.yaml')
    writeFileSync(this.#file, yaml)
    this.#child = spawn(process.execPath, [
      '--expose-gc', bin, 'start', '--config', this.#file
    ], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = once(this.#child, 'exit') as typeof this.ended
    createInterface({ input: this.#child.stdout! }).on('line', line => this.#read(line))
    this.#child.stderr!.on('data', (chunk: Buffer) => { this.complaints += chunk.toString() })
    void this.ended.then(() => this.#started.reject(new Error(`the gateway ended: ${this.complaints}`)))
  }

  async started (): Promise<void> {
    const { proxy, admin } = await this.#started.promise
    this.port = Number(new URL(String(proxy)).port)
    this.admin = String(admin)
  }

  signal (name: 'SIGHUP' | 'SIGTERM' | 'SIGKILL'): void {
    this.#child.kill(name)
  }

  /** Replaces the file, at once or, as some editors do, in place. */
  write (yaml: string, inPlace: boolean): void {
    if (inPlace) {
      writeFileSync(this.#file, yaml)
    } else {
      writeFileSync(`${this.#file}~`, yaml)
      renameSync(`${this.#file}~`, this.#file)
    }
  }

  /** Waits until a file whose routes have this path is in force. */
  async inForce (path: string): Promise<void> {
    for (let tries = 0; !(await (await this.#ask('/routes')).text()).includes(`"${path}"`); tries++) {
      if (tries === 600) throw new Error(`the file with ${path} is not in force: ${JSON.stringify(this.lines.slice(-3))}`)
      await pause(50)
    }
  }

  /** Open requests to targets, by their URL. */
  async active (): Promise<string[]> {
    const upstreams = await (await this.#ask('/upstreams')).json() as {
      readonly name: string,
      readonly targets: readonly { readonly url: string, readonly active: number }[]
    }[]
    return upstreams.flatMap(({
      name,
      targets
    }) => targets.filter(({ active }) => active !== 0).map(({ url, active }) => `${name} ${url}: ${active}`))
  }

  get descriptors (): string[] {
    const folder = `/proc/${this.#child.pid}/fd`
    return readdirSync(folder).flatMap(number => {
      try {
        return [readlinkSync(`${folder}/${number}`).replace(/\[\d+\]/, '')]
      } catch {
        // Closed since the folder was read.
        return []
      }
    }).toSorted()
  }

  /** What it holds. Its own connections take a moment to go, so descriptors are those that are left after a while. */
  async size (most = Infinity): Promise<Size> {
    const heap = await this.#heap()
    const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))![1]) * 1024
    let { descriptors } = this
    for (let tries = 0; tries < 20 || (descriptors.length > most && tries < 200); tries++) {
      await pause(50)
      const now = this.descriptors
      if (now.length < descriptors.length) descriptors = now
    }
    return { descriptors, heap, resident }
  }

  /** Asks until each thread has had a request. */
  async #heap (): Promise<number> {
    const heaps = new Map<string, number>()
    while (heaps.size < this.#threads) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/heap`, { headers: { connection: 'close' } })
      await answer.arrayBuffer()
      heaps.set(answer.headers.get('x-thread')!, Number(answer.headers.get('x-heap')))
    }
    return [...heaps.values()].reduce((sum, heap) => sum + heap, 0)
  }

  /** On a connection of its own, which is no descriptor that stays. */
  async #ask (path: string): Promise<Response> {
    return await fetch(`${this.admin}${path}`, { headers: { connection: 'close' } })
  }

  #read (text: string): void {
    let line: Record<string, unknown>
    try {
      line = JSON.parse(text) as Record<string, unknown>
    } catch {
      this.faulty.push(`not JSON: ${text.slice(0, 200)}`)
      return
    }
    if (line['msg'] === 'gateway started') this.#started.resolve(line)
    if (line['msg'] !== 'request completed') {
      this.lines.push(line)
      return
    }
    const token = String(line['path']).split('/').at(-1)!
    this.requests.set(token, (this.requests.get(token) ?? 0) + 1)
    if (line['code'] === 'internal' || line['code'] === 'plugin-error' || line['status'] === 500) this.faulty.push(text)
  }
}
