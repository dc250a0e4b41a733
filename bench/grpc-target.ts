/** The service behind gRPC benchmarks: responds to every call with one message. `node bench/grpc-target.ts PORT` */

import { createServer } from 'node:http2'
import { writeFrame } from '../src/http/grpc/frames.ts'

const message = writeFrame(Buffer.alloc(36, 'x'))
const server = createServer({ settings: { maxConcurrentStreams: 1024 } })
server.on('stream', stream => {
  stream.resume()
  stream.on('error', () => {})
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(message)
})
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 16384 })
