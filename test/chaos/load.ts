/**
 * Load on real sockets: connections that are kept, pipelined on, and left in the middle; every request
 * becomes a record of what came of it.
 */

import { connect, type Socket } from 'node:net'
import { crc32 } from 'node:zlib'
import { Malformed, readAnswer, type Answer } from './answer.ts'
import { fillerOf, summaryOf } from './message.ts'

export interface Sent {
  readonly token: string
  readonly room: string
  readonly method: string
  readonly size: number
  readonly body: Buffer
  /** Clock of the process, in milliseconds. */
  readonly at: number
  ended: number
  /**
   * `cut`: the connection ended before the response was complete. `behind`: so it did, with the response of another request
   * that was pipelined before it. `left`: the client has gone by itself. `lost`: neither response nor end.
   */
  end: 'answered' | 'cut' | 'behind' | 'left' | 'lost'
  status: number | undefined
  /** Bytes of the response had come when it was cut. */
  begun: boolean
  /** What was wrong with the response. */
  wrong: string | undefined
}

/** Longest that a request may be without response or end, in milliseconds: far above all timeouts of the gateway's file. */
const patience = 100_000

/** One client after the other on one connection after the other, until it is told to stop. */
export class Worker {
  readonly records: Sent[]
  readonly #port: number
  readonly #name: string
  readonly #random: () => number
  readonly #rooms: readonly string[]
  #stopped = false

  constructor (port: number, name: string, rooms: readonly string[], random: () => number, records: Sent[]) {
    this.#port = port
    this.#name = name
    this.#rooms = rooms
    this.#random = random
    this.records = records
  }

  stop (): void {
    this.#stopped = true
  }

  async run (): Promise<void> {
    for (let count = 0; !this.#stopped;) {
      const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
      const connection = new Connection(socket)
      while (!this.#stopped && connection.usable) {
        const batch = this.#next(count)
        count += batch.length
        this.records.push(...batch)
        await connection.exchange(batch, this.#random() < 0.02 ? this.#random() * 20 : undefined)
        if (this.#random() < 0.02) break
      }
      socket.destroy()
      // A door that is closed is not knocked at a thousand times a second.
      if (connection.refused) await new Promise(resolve => { setTimeout(resolve, 20) })
    }
  }

  #next (count: number): Sent[] {
    const random = this.#random
    const method = random() < 0.6 ? 'GET' : random() < 0.5 ? 'POST' : random() < 0.5 ? 'PUT' : 'HEAD'
    const many = method === 'GET' && random() < 0.2 ? 3 : 1
    return Array.from({ length: many }, (_, index) => {
      const token = `${this.#name}-${(count + index).toString(36)}.`
      const body = method === 'POST' || method === 'PUT' ? Buffer.from(fillerOf(
        token,
        Math.floor(random() ** 4 * 100_000)
      )) : Buffer.alloc(0)
      const room = this.#rooms[Math.floor(random() * this.#rooms.length)]!
      return {
        token,
        room,
        method,
        size: Math.floor(random() ** 4 * 150_000),
        body,
        at: performance.now(),
        ended: 0,
        end: 'lost',
        status: undefined,
        begun: false,
        wrong: undefined
      }
    })
  }
}

class Connection {
  usable = true
  refused = false
  readonly #socket: Socket
  #bytes: Buffer[] = []
  #length = 0
  #wake: (() => void) | undefined

  constructor (socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => { this.#bytes.push(chunk); this.#length += chunk.length; this.#wake?.() })
    socket.on('error', (error: NodeJS.ErrnoException) => { this.refused = error.code === 'ECONNREFUSED' })
    socket.on('close', () => { this.usable = false; this.#wake?.() })
  }

  /** Sends requests in one go and reads their responses; leaves after `patience` milliseconds where that is given. */
  async exchange (batch: readonly Sent[], leaves: number | undefined): Promise<void> {
    if (this.#length > 0) {
      batch[0]!.wrong = `bytes that nobody asked for: ${this.#peek()}`
      this.usable = false
    }
    for (const sent of batch) this.#write(sent)
    const leaving = leaves === undefined ? undefined : setTimeout(
      () => { for (const sent of batch) if (sent.ended === 0) end(sent, 'left'); this.#socket.destroy() },
      leaves
    )
    for (const sent of batch) {
      await this.#read(sent)
      // The end of a connection takes all that was to come on it.
      if (sent.end === 'cut' && sent !== batch[0]) sent.end = 'behind'
    }
    clearTimeout(leaving)
  }

  #write ({ method, room, token, size, body }: Sent): void {
    const chunked = body.length > 0 && body.length % 3 === 0
    const framing = body.length === 0 && method !== 'POST' && method !== 'PUT'
      ? ''
      : chunked ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${body.length}\r\n`
    this.#socket.write(`${method} /${room}/${token}?size=${size} HTTP/1.1\r\nHost: storm\r\n${framing}\r\n`)
    if (body.length === 0) return
    this.#socket.write(chunked ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]) : body)
  }

  async #read (sent: Sent): Promise<void> {
    const deadline = sent.at + patience
    while (sent.ended === 0) {
      let answer: Answer | undefined
      try {
        answer = this.#length === 0 ? undefined : this.#parse(sent.method)
      } catch (error) {
        if (!(error instanceof Malformed)) throw error
        sent.wrong = error.message
        this.usable = false
        this.#socket.destroy()
        end(sent, 'answered')
        return
      }
      if (answer !== undefined) {
        judge(sent, answer)
        end(sent, 'answered')
        if (!answer.lasting) this.usable = false
      } else if (this.#socket.closed || this.#socket.destroyed) {
        sent.begun = this.#length > 0
        end(sent, 'cut')
      } else if (performance.now() > deadline) {
        sent.ended = performance.now()
        this.#socket.destroy()
      } else {
        await this.#more(deadline)
      }
    }
  }

  async #more (deadline: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, deadline - performance.now() + 1)
    this.#wake = resolve
    await promise
    this.#wake = undefined
    clearTimeout(timer)
  }

  #parse (method: string): Answer | undefined {
    const bytes = this.#bytes.length === 1 ? this.#bytes[0]! : Buffer.concat(this.#bytes)
    this.#bytes = [bytes]
    const answer = readAnswer(bytes, method)
    if (answer === undefined) return undefined
    this.#bytes = [bytes.subarray(answer.end)]
    this.#length = bytes.length - answer.end
    return answer
  }

  #peek (): string {
    return JSON.stringify(Buffer.concat(this.#bytes).toString('latin1', 0, 80))
  }
}

function end (sent: Sent, how: Sent['end']): void {
  sent.ended = performance.now()
  sent.end = how
}

/** Whether a response is that of its request. Answers of the gateway itself name no request; there the status is judged later. */
function judge (sent: Sent, { status, fields, body }: Answer): void {
  sent.status = status
  if (status !== 200 || sent.method === 'HEAD') return
  const text = body.toString('latin1')
  const whole = `${summaryOf(sent.token, sent.body.length, crc32(sent.body))}\n${fillerOf(sent.token, sent.size)}`
  const early = `${summaryOf(sent.token, 0, 0)}\n${fillerOf(sent.token, sent.size)}`
  if (text === whole || (sent.room === 'shaky' && (text === early || text === 'first'))) return
  sent.wrong = `answer of somebody else: ${JSON.stringify(text.slice(0, 80))}, ${body.length} bytes, ` +
    `${fields.get('content-type') ?? 'no type'}`
}
