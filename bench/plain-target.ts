/**
 * The service behind all contenders if there is no nginx: responds to every request with the same bytes.
 * `node bench/plain-target.ts '{…}'`
 */

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { jsonOf } from './load.ts'

interface Settings { readonly ports: readonly number[], readonly answer: number, readonly certificate?: string, readonly key?: string }

const { ports, answer, certificate, key } = JSON.parse(process.argv[2] ?? '{}') as Settings
const body = Buffer.from(jsonOf(answer))
const headers = { 'content-type': 'application/json', 'content-length': body.length }

for (const port of ports) {
  const server = certificate === undefined || key === undefined
    ? createServer()
    : createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) })
  server.keepAliveTimeout = 3_600_000
  server.on('request', (request, response) => {
    request.resume()
    response.writeHead(200, headers).end(body)
  })
  server.listen({ port, host: '127.0.0.1', backlog: 16384 })
}
