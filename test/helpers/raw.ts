/** A client that sends exactly these bytes and shows exactly what came back, for what HTTP clients would hide. */

import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface RawAnswer {
  readonly status: number
  readonly head: string
  /** Field values by lower-case name, in order of arrival. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: Buffer
  readonly text: string
}

/** Opens a connection that is closed with the test. */
export async function open (t: TestContext, url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('error', reject) })
  return socket
}

/** Sends bytes and reads until the other side closes: give `Connection: close` in them. */
export async function exchangeBytes (t: TestContext, url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await open(t, url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(bytes)
  await new Promise<void>(resolve => { socket.once('close', () => resolve()) })
  return readAnswer(Buffer.concat(chunks))
}

/** The first answer in what was received; chunked bodies are put together. */
export function readAnswer (received: Buffer): RawAnswer {
  const end = received.indexOf('\r\n\r\n')
  const head = received.subarray(0, end === -1 ? received.length : end).toString('latin1')
  const [line = '', ...fields] = head.split('\r\n')
  const headers: Record<string, string[]> = {}
  for (const field of fields) {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon).toLowerCase()
    ;(headers[name] ??= []).push(field.slice(colon + 1).trim())
  }
  const rest = end === -1 ? Buffer.alloc(0) : received.subarray(end + 4)
  const body = headers['transfer-encoding']?.[0] === 'chunked' ? unchunk(rest) : rest
  return { status: Number(line.split(' ')[1]), head, headers, body, text: body.toString() }
}

function unchunk (bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    const size = end === -1 ? 0 : Number.parseInt(bytes.subarray(at, end).toString(), 16)
    if (!(size > 0)) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
