/** A service in a process of its own: it responds with what it got, or misbehaves as its parent says. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { crc32 } from 'node:zlib'
import type { Mode } from './faults.ts'
import { fillerOf, summaryOf } from './message.ts'

let mode: Mode = 'well'
const port = Number(process.argv[2])

const server = createServer((request, response) => {
  const token = new URL(request.url!, 'http://target').pathname.split('/').at(-1)!
  if (request.method === 'POST') process.send!({ posted: token })
  // What it does is decided when the head has come.
  answer(mode, token, request, response)
})
// Only the gateway closes idle connections: a close from here would be a race without a defined result.
server.keepAliveTimeout = 0

function answer (how: Mode, token: string, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  const size = Number(new URL(request.url!, 'http://target').searchParams.get('size') ?? 0)
  switch (how) {
    case 'reset': socket.resetAndDestroy(); break
    case 'close': socket.destroy(); break
    case 'hang': request.resume(); break
    case 'garbage': socket.end('BANANA, no HTTP at all\r\n\r\n'); break
    case 'cut': socket.write(
      `HTTP/1.1 200 OK\r\ncontent-length: ${size + 1000}\r\n\r\n${fillerOf(token, size)}`,
      () => socket.resetAndDestroy()
    ); break
    case 'bad-chunk': socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\nnot hexadecimal\r\n`); break
    case 'stall': socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${size + 1000}\r\n\r\n${fillerOf(token, size)}`); break
    case 'extra': socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirstHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond'); break
    case 'busy': response.writeHead(503).end(token); break
    case 'early': response.end(`${summaryOf(token, 0, 0)}\n${fillerOf(token, size)}`); break
    case 'slow': setTimeout(() => answer('well', token, request, response), 20 + (crc32(token) % 200)); break
    case 'deaf':
    case 'well': whole(token, size, request, response)
  }
}

function whole (token: string, size: number, request: IncomingMessage, response: ServerResponse): void {
  let length = 0
  let sum = 0
  request.on('data', (chunk: Buffer) => { length += chunk.length; sum = crc32(chunk, sum) })
  request.on('end', () => {
    const body = `${summaryOf(token, length, sum)}\n${fillerOf(token, size)}`
    // Half of the responses say their length, half come in chunks.
    if (crc32(token) % 2 === 0) response.setHeader('content-length', Buffer.byteLength(body))
    else response.write(body.slice(0, 10))
    response.end(crc32(token) % 2 === 0 ? body : body.slice(10))
  })
}

process.on('message', (next: Mode) => {
  if (next === 'deaf') server.close()
  else if (mode === 'deaf') listen()
  mode = next
  process.send!({ mode })
})
process.on('disconnect', () => process.exit(0))

function listen (): void {
  server.listen(port, '127.0.0.1', () => process.send!({ listening: true }))
}

server.on('error', error => { throw error })
listen()
