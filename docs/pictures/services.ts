/** Stand-ins for the services of the shop: as slow as such services are, and now and then failing. */

import { createServer, type Server } from 'node:http'
import { crc32 } from 'node:zlib'
import { seeded } from './random.ts'

/** How a service behaves. */
interface Manner {
  /** Milliseconds: half of the responses are faster. */
  readonly median: number
  /** How far durations are spread: of a log-normal distribution. */
  readonly spread: number
  /** The part of the requests that fail. */
  readonly failing: number
}

const manners: Readonly<Record<string, Manner>> = {
  users: { median: 4, spread: 0.5, failing: 0.002 },
  orders: { median: 14, spread: 0.6, failing: 0.004 },
  payments: { median: 60, spread: 0.5, failing: 0.01 },
  search: { median: 22, spread: 0.7, failing: 0.001 },
  catalog: { median: 6, spread: 0.4, failing: 0.001 }
}

/** Targets that are different from their siblings. */
const special: Readonly<Record<string, Manner>> = {
  'search-4.internal': { median: 48, spread: 0.9, failing: 0.03 }
}

/** Starts the service at an address. @param name such as `users-1.internal` */
export async function startService (name: string, address: string, port: number): Promise<Server> {
  const [service = ''] = name.split('-')
  const manner = special[name] ?? manners[service]!
  const random = seeded(crc32(name))
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/health') return response.end('ok')
    const late = manner.median * Math.exp(manner.spread * normal(random))
    const failed = random() < manner.failing
    setTimeout(() => {
      response.writeHead(failed ? 503 : request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' })
      response.end(failed ? '{"error":"busy"}' : JSON.stringify({ service, items: 'x'.repeat(40 + random() * 900) }))
    }, late)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  return server
}

/** A number of the standard normal distribution (Box and Muller). */
function normal (random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
