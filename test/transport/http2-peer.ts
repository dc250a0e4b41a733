/** An HTTP/2 target that sends the frames that it is told to, so that it can break every rule. */

import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { frame, type Frame } from '../helpers/http2-frames.ts'

/** Types of frames (RFC 9113 §6). */
export const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8 } as const

export const endStream = 1
export const endHeaders = 4

/** `:status: 200` and `:status: 204`, as HPACK has them in its static table. */
export const ok = Buffer.from([0x88])

/** A header field without compression. */
export function field (name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), length(value.length), Buffer.from(value)])
}

/** The length of a string in HPACK (RFC 7541 §5.1). */
function length (size: number): Buffer {
  if (size < 127) return Buffer.from([size])
  const bytes = [127]
  for (let rest = size - 127; ; rest >>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push(rest % 128 + 128)
  }
}

/** 32 bits. */
export function word (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** One setting. */
export function setting (id: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([0, id]), word(value)])
}

export const maxStreams = 3

/** One connection to the peer. */
export class PeerConnection {
  readonly socket: Socket
  readonly frames: Frame[] = []
  #bytes = Buffer.alloc(0)
  #greeted = false

  /** @param acknowledges whether it says that it has heard the settings of the other side */
  constructor (socket: Socket, acknowledges: boolean, hear: (connection: PeerConnection, frame: Frame) => void) {
    this.socket = socket
    socket.setNoDelay().on('error', () => {}).on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      if (!this.#greeted) {
        if (this.#bytes.length < 24) return
        this.#greeted = true
        this.#bytes = this.#bytes.subarray(24)
      }
      while (this.#bytes.length >= 9 && this.#bytes.length >= 9 + this.#bytes.readUIntBE(0, 3)) {
        const size = this.#bytes.readUIntBE(0, 3)
        const heard = {
          type: this.#bytes[3]!,
          flags: this.#bytes[4]!,
          stream: this.#bytes.readUInt32BE(5),
          payload: this.#bytes.subarray(9, 9 + size)
        }
        this.#bytes = this.#bytes.subarray(9 + size)
        this.frames.push(heard)
        if (acknowledges && heard.type === types.settings && heard.flags === 0) this.send(types.settings, 1, 0)
        hear(this, heard)
      }
    })
  }

  send (...parts: Parameters<typeof frame>): void {
    this.socket.write(frame(...parts))
  }

  /** Responds with 200 and a short body. */
  respond (stream: number): void {
    this.send(types.headers, endHeaders, stream, ok)
    this.send(types.data, endStream, stream, Buffer.from('hi'))
  }
}

export interface Peer {
  readonly port: number
  readonly connections: readonly PeerConnection[]
}

/** Starts a peer that sends these settings, and does `hear` with every frame. */
export async function startPeer (
  t: TestContext,
  settings: Buffer | undefined,
  hear: (connection: PeerConnection, frame: Frame) => void
): Promise<Peer> {
  const connections: PeerConnection[] = []
  const server = createServer(socket => {
    connections.push(new PeerConnection(socket, settings !== undefined, hear))
    if (settings !== undefined) socket.write(frame(types.settings, 0, 0, settings))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const { socket } of connections) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, connections }
}
