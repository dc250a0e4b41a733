/** Targets that die in the ways that machines die in, each in a process of its own, and a load that counts what clients see of it. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'

/** `refuses`: its process has ended. `silent`: its machine accepts nothing and sends nothing, as one that has lost its network. */
export type Death = 'refuses' | 'silent'

const service = `
const server = require('node:http').createServer((request, response) => response.end('here'))
server.keepAliveTimeout = 3600000
server.listen({ port: 0, host: '127.0.0.1', backlog: 128 }, () => console.log(server.address().port))
`

export class MortalTarget {
  readonly port: number
  readonly url: string
  readonly #process: ChildProcess
  readonly #fillers: Socket[] = []

  private constructor (started: ChildProcess, port: number) {
    this.#process = started
    this.port = port
    this.url = `http://127.0.0.1:${port}`
  }

  static async start (): Promise<MortalTarget> {
    const started = spawn(process.execPath, ['-e', service], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(started.stdout, 'data') as [Buffer]
    return new MortalTarget(started, Number(line))
  }

  async die (death: Death): Promise<void> {
    if (death === 'refuses') return await this.end()
    this.#process.kill('SIGSTOP')
    // A stopped process accepts nothing; once its queue is full the kernel answers no further SYN.
    while (await this.#fill());
  }

  async end (): Promise<void> {
    for (const filler of this.#fillers) filler.destroy()
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exit = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exit
  }

  async #fill (): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1')
    socket.on('error', () => {})
    this.#fillers.push(socket)
    return await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>(resolve => { setTimeout(resolve, 300, false) })
    ])
  }
}

/** What clients saw. */
export interface Seen {
  /** Requests by status; `error` where there was no response. */
  readonly statuses: Readonly<Record<string, number>>
  readonly failed: number
  /** The longest that one waited, in milliseconds. */
  readonly longest: number
}

/**
 * Sends GET requests, so many at once, each as soon as one before it is over; `onHalf` is called when half of them have been sent.
 */
export async function load (url: string, count: number, concurrency: number, onHalf: () => unknown = () => {}): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const statuses: Record<string, number> = {}
  let sent = 0
  let longest = 0
  const client = async (): Promise<void> => {
    while (sent < count) {
      if (++sent === Math.ceil(count / 2)) void onHalf()
      const startedAt = performance.now()
      const status = await ask(url, agent)
      statuses[status] = (statuses[status] ?? 0) + 1
      longest = Math.max(longest, performance.now() - startedAt)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, client))
  agent.destroy()
  return { statuses, failed: count - (statuses['200'] ?? 0), longest: Math.round(longest) }
}

async function ask (url: string, agent: Agent): Promise<string> {
  return await new Promise(resolve => {
    get(url, { agent }, response => {
      response.on('error', () => {}).resume().once('close', () => resolve(response.complete ? String(response.statusCode) : 'error'))
    }).on('error', () => resolve('error'))
  })
}
