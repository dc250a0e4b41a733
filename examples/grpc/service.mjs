/** The service `shop.Orders` without a library: responds to `Get` with one message, and to the health checks of the gateway. */

import { createServer } from 'node:http2'

/** `HealthCheckResponse { status: SERVING }` and `Order { id: "1" }`, each in a frame. */
const messages = {
  '/grpc.health.v1.Health/Check': Buffer.from([0, 0, 0, 0, 2, 0x08, 1]),
  '/shop.Orders/Get': Buffer.from([0, 0, 0, 0, 3, 0x0a, 1, 0x31])
}

const server = createServer()
server.on('stream', (stream, headers) => {
  const message = messages[headers[':path']]
  stream.resume()
  if (message === undefined) {
    stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '12' }, { endStream: true })
    return
  }
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(message)
})
server.listen(9001, '127.0.0.1')
