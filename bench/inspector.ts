/** The inspector of a Node process that was started with `--inspect`: profiles, snapshots and garbage collection from outside. */

import { once } from 'node:events'
import type { Running } from './running.ts'

interface Reply {
  readonly id?: number,
  readonly method?: string,
  readonly params?: unknown,
  readonly result?: unknown,
  readonly error?: { readonly message: string }
}

/** A connection to it. */
export class Inspector {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>()
  readonly #listeners = new Map<string, (params: unknown) => void>()
  #last = 0

  private constructor (socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', event => this.#receive(JSON.parse(String(event.data)) as Reply))
  }

  /** The process says on standard error where its inspector listens. */
  static async connect (running: Running): Promise<Inspector> {
    const url = /Debugger listening on (ws:\S+)/.exec(running.errors)?.[1]
    if (url === undefined) throw new Error('the process has no inspector')
    const socket = new WebSocket(url)
    await once(socket, 'open')
    return new Inspector(socket)
  }

  /** Calls a method of the protocol and resolves with its result. */
  async send (method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = ++this.#last
    const replied = new Promise((resolve, reject) => { this.#waiting.set(id, { resolve, reject }) })
    this.#socket.send(JSON.stringify({ id, method, params }))
    return await replied
  }

  /** Calls `listener` with every event of this name. */
  on (method: string, listener: (params: unknown) => void): void {
    this.#listeners.set(method, listener)
  }

  close (): void {
    this.#socket.close()
  }

  #receive ({ id, method, params, result, error }: Reply): void {
    if (method !== undefined) this.#listeners.get(method)?.(params)
    if (id === undefined) return
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error.message))
  }
}
