/** A gateway with many routes and targets, and what is behind it and in front of it. */

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../place.ts'
import { start, type Running } from '../running.ts'

const command = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

export const routes = 1000
export const targets = 200
const upstreams = 20

/** Ends what it is given in the order in which it was begun, the last first. */
export interface Endings {
  readonly add: (end: () => unknown) => void
}

/** One service for all targets: each has an address of its own of the loopback network. */
export async function startService (endings: Endings): Promise<number> {
  const server = createServer((_request, response) => response.end('{"id":1}'))
  server.keepAliveTimeout = 60_000
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  endings.add(() => { server.closeAllConnections(); server.close() })
  return (server.address() as AddressInfo).port
}

export interface Door {
  readonly running: Running
  readonly port: number
  /** Base URL of the admin listener. */
  readonly admin: string
}

/** Starts the gateway. Its access log is off: it would be most of the cost. */
export async function openDoor (endings: Endings, service: number): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-console-'))
  endings.add(() => rmSync(folder, { recursive: true, force: true }))
  const [port, adminPort] = [await freePort(), await freePort()]
  writeFileSync(join(folder, 'gateway.yaml'), yaml(port, adminPort, service))
  const running = await start({ command: process.execPath, args: [command, 'start', 'gateway.yaml'] }, folder, [0, 1], port)
  endings.add(async () => await running.stop())
  return { running, port, admin: `http://127.0.0.1:${adminPort}` }
}

export function yaml (port: number, adminPort: number, service: number): string {
  const each = Math.ceil(targets / upstreams)
  const names = Array.from({ length: upstreams }, (_, place) => `service-${place + 1}`)
  return JSON.stringify({
    server: { host: '127.0.0.1', port, threads: 1 },
    admin: { port: adminPort },
    accessLog: { enabled: false },
    policies: { 'per-client': { plugin: 'rate-limiting', limit: '100000/s' } },
    upstreams: Object.fromEntries(names.map((name, place) => [name, {
      targets: Array.from({ length: each }, (_, target) => `http://127.0.${place + 1}.${target + 1}:${service}`),
      circuitBreaker: {}
    }])),
    routes: Array.from({ length: routes }, (_, place) => ({
      path: `/things-${place}/*`, upstream: names[place % upstreams], policies: place % 2 === 0 ? ['per-client'] : []
    }))
  })
}

/** Sends so many requests a second, to all routes in turn. */
export function sendSteadily (endings: Endings, port: number, rate: number): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  let [due, sent, before] = [0, 0, performance.now()]
  const timer = setInterval(() => {
    const now = performance.now()
    due += rate * (now - before) / 1000
    before = now
    for (; due >= 1; due--) {
      const path = `/things-${sent++ * 7 % routes}/${sent}`
      get({ host: '127.0.0.1', port, path, agent }, response => response.resume()).on('error', () => {})
    }
  }, 20)
  endings.add(() => { clearInterval(timer); agent.destroy() })
}
