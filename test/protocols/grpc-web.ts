/** gRPC-Web over HTTP/1.1 and TLS, as a web page calls: Node's client, and the frames of the protocol. */

import type { IncomingMessage } from 'node:http'
import { startGrpcService } from './grpc.ts'
import { ask } from './http1.ts'
import { pieces } from './pieces.ts'
import type { Protocol } from './protocol.ts'

const headers = { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1', 'content-length': '7' }
const asking = { method: 'POST', body: Buffer.from('\0\0\0\0\x02hi', 'latin1') }

/** Calls `each` for every frame of a response. Resolves with the status of gRPC, undefined where there was none. */
async function readFrames (response: IncomingMessage, each: (text: string) => void): Promise<number | undefined> {
  let status = response.headers['grpc-status']
  let rest = Buffer.alloc(0)
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
      const end = 5 + rest.readUInt32BE(1)
      const text = rest.subarray(5, end).toString()
      if (rest[0] === 0x80) status = /^grpc-status: ?(\d+)/m.exec(text)?.[1]
      else each(text)
      rest = rest.subarray(end)
    }
  })
  await new Promise<void>(resolve => { response.once('close', () => resolve()) })
  return status === undefined ? undefined : Number(status)
}

export const grpcWeb: Protocol = {
  name: 'gRPC-Web',
  tls: true,
  upstream: 'h2c',
  route: 'grpc',
  request: { method: 'POST', headers: { 'content-type': headers['content-type'], 'x-grpc-web': '1' } },
  refusals: { unauthenticated: 16, limited: 8, unrouted: 12 },
  drained: 'complete',
  serve: startGrpcService,
  async call (_t, door, method, fields = {}) {
    const texts: string[] = []
    const status = await readFrames(await ask(door, method, { ...headers, ...fields }, asking), text => texts.push(text))
    return { status: status ?? -1, ok: status === 0 && texts.join() === 'ok' }
  },
  async hold (t, door) {
    const response = await ask(door, 'Hold', headers, asking)
    t.after(() => response.destroy())
    const held = pieces()
    void readFrames(response, text => held.add(text)).then(status => held.end(status === 0 ? 'complete' : `cut ${String(status)}`))
    return held
  }
}
