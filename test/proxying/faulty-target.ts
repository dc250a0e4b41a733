/** A target that plays a script: what it does to each request stands in the script of the request's path. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

/** What can be done to one request. */
export const deeds = [
  'answer', 'answer in chunks', 'answer much', 'answer late', 'answer before the body', 'hint first', 'no content',
  'reset', 'close', 'reset in the head', 'hang', 'garbage', 'two lengths', 'busy', 'busy without end',
  'cut', 'break a chunk', 'stall', 'answer twice'
] as const

export type Deed = typeof deeds[number]

/** What a deed leads to where no other attempt is made: statuses the client may get, and whether its response may break off instead. */
export const ends: Readonly<Record<Deed, { readonly statuses: readonly number[], readonly cut?: boolean, readonly again?: boolean }>> = {
  answer: { statuses: [200] },
  'answer in chunks': { statuses: [200] },
  'answer much': { statuses: [200] },
  'answer late': { statuses: [200] },
  'answer before the body': { statuses: [200] },
  'hint first': { statuses: [200] },
  'no content': { statuses: [204] },
  reset: { statuses: [502], again: true },
  close: { statuses: [502], again: true },
  'reset in the head': { statuses: [502], again: true },
  hang: { statuses: [504], again: true },
  garbage: { statuses: [502], again: true },
  'two lengths': { statuses: [502], again: true },
  busy: { statuses: [503], again: true },
  'busy without end': { statuses: [503], cut: true, again: true },
  cut: { statuses: [502], cut: true },
  'break a chunk': { statuses: [502], cut: true },
  stall: { statuses: [504], cut: true },
  'answer twice': { statuses: [200, 502], cut: true }
}

/** Requests with what was done to them, by path and in order. */
export class Script {
  readonly #deeds = new Map<string, readonly Deed[]>()
  readonly played = new Map<string, Deed[]>()
  /** Bodies of requests that arrived whole. */
  readonly bodies = new Map<string, string[]>()
  readonly #waiting = new Map<string, () => void>()
  readonly #done = new Map<string, () => void>()

  /** Resolves when the first deed to a request for a path has been done, and heard of. */
  async done (path: string): Promise<void> {
    await new Promise<void>(resolve => { this.#done.set(path, () => setImmediate(() => setImmediate(resolve))) })
  }

  /** Resolves when a request for a path has reached a target. */
  async reached (path: string): Promise<void> {
    if (this.played.get(path)!.length === 0) await new Promise<void>(resolve => { this.#waiting.set(path, resolve) })
  }

  write (path: string, plan: readonly Deed[]): void {
    this.#deeds.set(path, plan)
    this.played.set(path, [])
    this.bodies.set(path, [])
  }

  readonly play = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url!
    const plan = this.#deeds.get(path)!
    const played = this.played.get(path)!
    const deed = plan[played.length % plan.length]!
    played.push(deed)
    this.#waiting.get(path)?.()
    request.on('error', () => {})
    if (deed === 'answer before the body') response.end(bodyOf(path))
    let body = ''
    request.setEncoding('latin1').on('data', (text: string) => { body += text }).on('end', () => {
      this.bodies.get(path)!.push(body)
      act(deed, path, request, response)
      this.#done.get(path)?.()
    })
  }
}

/** What the answer to a path says. */
export const bodyOf = (path: string, times = 1): string => `answer to ${path};`.repeat(times)

/** So often that no buffer holds it. */
export const much = 10_000

const late: Promise<unknown>[] = []

/** Resolves when the targets have sent what they send late. */
export async function lateAnswersSent (): Promise<void> {
  await Promise.all(late.splice(0))
}

function act (deed: Deed, path: string, { socket }: IncomingMessage, response: ServerResponse): void {
  const length = bodyOf(path).length
  switch (deed) {
    case 'answer before the body': break
    case 'answer': response.setHeader('content-length', length).end(bodyOf(path)); break
    case 'answer in chunks': response.write('answer'); setImmediate(() => response.end(bodyOf(path).slice('answer'.length))); break
    case 'answer much': response.end(bodyOf(path, much)); break
    case 'answer late': late.push(pause(15).then(() => response.end(bodyOf(path)))); break
    case 'hint first': response.writeEarlyHints({ link: '</style.css>; rel=preload' }); response.end(bodyOf(path)); break
    case 'no content': response.writeHead(204).end(); break
    case 'reset': socket.resetAndDestroy(); break
    case 'close': socket.destroy(); break
    case 'reset in the head': socket.write('HTTP/1.1 200 OK\r\ncontent-le', () => socket.resetAndDestroy()); break
    case 'hang': break
    case 'garbage': socket.end('BANANA, no HTTP at all\r\n\r\n'); break
    case 'two lengths': socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nfour'); break
    case 'busy': response.writeHead(503).end('busy'); break
    case 'busy without end': response.writeHead(503, { 'content-length': 1000 }).write('busy'); break
    case 'cut': socket.write(
      `HTTP/1.1 200 OK\r\ncontent-length: ${length + 1}\r\n\r\n${bodyOf(path)}`,
      () => socket.resetAndDestroy()
    ); break
    case 'break a chunk': socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nanswer\r\nnot hexadecimal\r\n'); break
    case 'stall': socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length + 1}\r\n\r\n${bodyOf(path)}`); break
    case 'answer twice': socket.write(
      `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${bodyOf(path)}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond`
    )
  }
}
