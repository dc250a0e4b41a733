/** http-proxy-3, the successor of http-proxy, with kept connections. */

import { Agent, createServer } from 'node:http'
import { createProxyServer } from 'http-proxy-3'

const proxy = createProxyServer({ target: process.env.TARGET, agent: new Agent({ keepAlive: true, maxSockets: 256 }), xfwd: true })
proxy.on('error', (_error, _request, response) => { response.writeHead?.(502).end() })
createServer((request, response) => proxy.web(request, response)).listen(Number(process.env.PORT), '127.0.0.1', 16384)
