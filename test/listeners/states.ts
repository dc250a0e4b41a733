/** The states that a connection of a client can be in, and the ways in which it can end. */

import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { reset } from '../../src/internals/node-reset.ts'

/** How a connection is brought into a state. */
export interface State {
  readonly name: string
  /** What the client sends. */
  readonly send: string
  /** What it waits for before its end comes; undefined for nothing. */
  readonly until?: string
  /** Whether it stops reading after that. */
  readonly deaf?: boolean
}

const head = 'Host: a\r\n'
const junk = 'junk junk\r\n\r\n'

/**
 * The states of a listener whose `get` gets a response, and those of `holds` begin to be answered and never end:
 * some go on and on, some are silent.
 */
export function statesOf (get: string, holds: readonly string[], post: string): State[] {
  return [
    { name: 'before a byte', send: '' },
    { name: 'in the head', send: `GET ${get} HTTP/1.1\r\nHos` },
    { name: 'in the body', send: `POST ${post} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 10\r\n\r\nabc` },
    {
      name: 'in a chunk',
      send: `POST ${post} HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab`
    },
    { name: 'refused by the parser', send: junk, until: ' 400 ' },
    {
      name: 'refused in the body',
      send: `POST ${post} HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`
    },
    { name: 'CONNECT', send: `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, until: ' 405 ' },
    { name: 'CONNECT, not read', send: `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, deaf: true },
    { name: 'CONNECT after a request', send: `GET ${get} HTTP/1.1\r\n${head}\r\nCONNECT a:1 HTTP/1.1\r\n${head}\r\n`, until: ' 405 ' },
    { name: 'Upgrade', send: `GET ${get} HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, until: 'HTTP/1.1 ' },
    {
      name: 'Expect',
      send: `POST ${post} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n`
    },
    {
      name: 'an expectation that is not met',
      send: `POST ${post} HTTP/1.1\r\n${head}Content-Length: 10\r\nExpect: teapot\r\n\r\n`,
      until: 'HTTP/1.1 '
    },
    { name: 'keep-alive', send: `GET ${get} HTTP/1.1\r\n${head}\r\n`, until: 'HTTP/1.1 ' },
    { name: 'last response', send: `GET ${get} HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, until: 'HTTP/1.1 ' },
    { name: 'last response, and more', send: `GET ${get} HTTP/1.1\r\n${head}Connection: close\r\n\r\n${'x'.repeat(1000)}` },
    {
      name: 'refused in the middle of an upload',
      send: `POST ${post} HTTP/1.1\r\n${head}Content-Length: 1000000000\r\n\r\n${'x'.repeat(100_000)}`,
      until: 'HTTP/1.1 '
    },
    {
      name: 'an oddly framed request, and more',
      send: `POST ${post} HTTP/1.1\r\n${head}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\nGET ${get} HTTP/1.1\r\n${head}\r\n`,
      until: 'HTTP/1.1 '
    },
    ...holds.flatMap((hold): State[] => [
      {
        name: `CONNECT behind requests that are being answered (${hold})`,
        send: `GET ${hold} HTTP/1.1\r\n${head}\r\nGET ${hold} HTTP/1.1\r\n${head}\r\nCONNECT a:1 HTTP/1.1\r\n${head}\r\n`
      },
      { name: `being answered (${hold})`, send: `GET ${hold} HTTP/1.1\r\n${head}\r\n` },
      { name: `being answered, not read (${hold})`, send: `GET ${hold} HTTP/1.1\r\n${head}\r\n`, deaf: true },
      { name: `several being answered (${hold})`, send: `GET ${hold} HTTP/1.1\r\n${head}\r\n`.repeat(3) },
      { name: `in the head, behind one that is being answered (${hold})`, send: `GET ${hold} HTTP/1.1\r\n${head}\r\nGE` },
      { name: `junk behind one that is being answered (${hold})`, send: `GET ${hold} HTTP/1.1\r\n${head}\r\n${junk}` }
    ])
  ]
}

/** How a client ends its connection, or does not. */
export const ends = {
  FIN: (socket: Socket) => { socket.destroy() },
  RST: (socket: Socket) => { reset(below.get(socket) ?? socket) },
  'half-close': (socket: Socket) => { socket.end() },
  silence: () => {}
} as const satisfies Record<string, (socket: Socket) => void>

/** The sockets below those of TLS. */
const below = new WeakMap<Socket, Socket>()

function open (base: string): Socket {
  const { protocol, hostname, port } = new URL(base)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  if (protocol === 'http:') return socket
  const secure = connectTls({ socket: socket.on('error', () => {}), rejectUnauthorized: false })
  below.set(secure, socket)
  return secure
}

/** Opens a connection and brings it into a state; resolves at once where the gateway ends it before. */
export async function enter (base: string, { send, until, deaf = false }: State): Promise<Socket> {
  const socket = open(base)
  socket.on('error', () => {})
  const opened = below.has(socket) ? 'secureConnect' : 'connect'
  await new Promise<void>(resolve => { socket.once(opened, resolve).once('close', () => resolve()) })
  socket.write(send)
  if (deaf) {
    socket.pause()
    return socket
  }
  let seen = ''
  await new Promise<void>(resolve => {
    socket.once('close', () => resolve()).once('end', () => resolve())
    socket.on('data', (chunk: Buffer) => {
      if (until === undefined) return
      seen = (seen + chunk.toString('latin1')).slice(-65_536)
      if (seen.includes(until)) resolve()
    })
    if (until === undefined) socket.write('', () => resolve())
  })
  return socket
}
