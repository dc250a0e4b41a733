/** A collector of traces that takes everything and keeps nothing. `node bench/collector.ts PORT` */

import { createServer } from 'node:http'

createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'application/json' }).end()
  })
}).listen(Number(process.argv[2]), '127.0.0.1')
