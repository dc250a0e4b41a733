/** A client of HTTP/2 that writes its frames by hand, for what sound clients never do. */

import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Types of frames (RFC 9113 §6). */
export const types = {
  data: 0, headers: 1, priority: 2, rstStream: 3, settings: 4, pushPromise: 5, ping: 6, goaway: 7, windowUpdate: 8, continuation: 9
} as const

export const flags = { ack: 1, endStream: 1, endHeaders: 4, padded: 8 } as const

/** What every client sends first. */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export function frame (type: number, flag: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flag
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A header block in which nothing is compressed (RFC 7541 §6.2.2). */
export function block (fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

/** A string that is not compressed (RFC 7541 §5.2). */
export function text (value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1')
  return Buffer.concat([integer(bytes.length, 7), bytes])
}

/** An integer with a prefix of some bits (RFC 7541 §5.1); `first` are the bits before it. */
export function integer (value: number, bits: number, first = 0): Buffer {
  const most = 2 ** bits - 1
  if (value < most) return Buffer.from([first | value])
  const bytes = [first | most]
  let rest = value - most
  while (rest >= 128) {
    bytes.push(rest % 128 | 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}

/** The pseudo-header fields of a GET, with changes; undefined leaves one out. */
export function pseudo (changes: Readonly<Record<string, string | undefined>> = {}): [string, string][] {
  const fields = { ':method': 'GET', ':scheme': 'http', ':authority': 'a.test', ':path': '/', ...changes }
  return Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
}

/** HEADERS in one frame. */
export function headers (stream: number, fields: readonly (readonly [string, string])[], flag: number = flags.endStream): Buffer {
  return frame(types.headers, flag | flags.endHeaders, stream, block(fields))
}

export function get (stream: number, path = '/'): Buffer {
  return headers(stream, pseudo({ ':path': path }))
}

export function settings (values: Readonly<Record<number, number>> = {}): Buffer {
  const entries = Object.entries(values).map(([id, value]) => {
    const entry = Buffer.alloc(6)
    entry.writeUInt16BE(Number(id), 0)
    entry.writeUInt32BE(value, 2)
    return entry
  })
  return frame(types.settings, 0, 0, Buffer.concat(entries))
}

export function rstStream (stream: number, code: number): Buffer {
  return frame(types.rstStream, 0, stream, uint32(code))
}

export function windowUpdate (stream: number, bytes: number): Buffer {
  return frame(types.windowUpdate, 0, stream, uint32(bytes))
}

function uint32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A connection on which frames are written by hand. Preface and settings are sent; settings and pings of the server are acknowledged. */
export class FrameClient {
  readonly socket: Socket
  /** All frames that came, in order. */
  readonly frames: Frame[] = []
  closed = false
  #rest = Buffer.alloc(0)
  #waiters: (() => void)[] = []

  constructor (socket: Socket, first: Buffer) {
    this.socket = socket
    socket.on('error', () => {}).on('close', () => {
      this.closed = true
      this.#wake()
    })
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.write(first)
  }

  write (...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** Resolves once `fits` returns something for what has come, with that; rejects when the connection closes before. */
  async until<T> (fits: (client: this) => T | undefined | false): Promise<T> {
    for (;;) {
      const found = fits(this)
      if (found !== undefined && found !== false) return found
      if (this.closed) throw new Error(`closed after ${JSON.stringify(this.frames.map(({ type, stream }) => [type, stream]))}`)
      await new Promise<void>(resolve => { this.#waiters.push(resolve) })
    }
  }

  async gone (): Promise<void> {
    while (!this.closed) await new Promise<void>(resolve => { this.#waiters.push(resolve) })
  }

  /** The first frame of a type, of one stream where it is given. */
  find (type: number, stream?: number): Frame | undefined {
    return this.frames.find(one => one.type === type && (stream === undefined || one.stream === stream))
  }

  /** How a stream ended: the code of its RST_STREAM, or `complete`. */
  async ending (stream: number): Promise<number | 'complete'> {
    return await this.until(() => {
      const reset = this.find(types.rstStream, stream)
      if (reset !== undefined) return reset.payload.readUInt32BE()
      const last = this.frames.find(({ type, flags: flag, stream: id }) => id === stream && type <= 1 && (flag & flags.endStream) !== 0)
      return last !== undefined && 'complete'
    })
  }

  /** The code of the GOAWAY that the server has sent. */
  async goaway (): Promise<number> {
    return (await this.until(() => this.find(types.goaway))).payload.readUInt32BE(4)
  }

  /** The body of a stream so far. */
  bodyOf (stream: number): string {
    const data = this.frames.filter(one => one.type === types.data && one.stream === stream)
    return Buffer.concat(data.map(({ payload }) => payload)).toString()
  }

  #read (bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3)
      if (this.#rest.length < 9 + length) break
      const payload = this.#rest.subarray(9, 9 + length)
      const one = { type: this.#rest[3]!, flags: this.#rest[4]!, stream: this.#rest.readUInt32BE(5), payload }
      this.#rest = this.#rest.subarray(9 + length)
      this.frames.push(one)
      if ((one.flags & flags.ack) === 0 && (one.type === types.settings || one.type === types.ping)) {
        this.socket.write(frame(one.type, flags.ack, 0, one.type === types.ping ? one.payload : undefined))
      }
    }
    this.#wake()
  }

  #wake (): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const wake of waiters) wake()
  }
}

/** Connects; the connection is closed with the test. */
export async function openFrames (t: TestContext, url: string, first: Buffer = Buffer.concat([preface, settings()])): Promise<FrameClient> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  t.after(() => socket.destroy())
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject) })
  return new FrameClient(socket, first)
}
