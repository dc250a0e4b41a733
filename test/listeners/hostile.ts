/**
 * A storm of hostile connections against a gateway in a process of its own: `node test/listeners/hostile.ts --count 100000 --seed 1`.
 * Each is brought into a state, with bytes cut or changed in some, and ended in one of four ways.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { GatewayProcess } from '../chaos/gateway-process.ts'
import { send } from '../helpers/client.ts'
import { seeded } from '../load-balancing/seeded.ts'
import { ends, statesOf } from './states.ts'

export interface HostileStorm {
  readonly seed: number
  readonly count: number
  /** Connections at a time. */
  readonly parallel: number
}

const states = { public: statesOf('/', ['/hold', '/quiet'], '/'), admin: statesOf('/livez', ['/metrics'], '/reload') }

/** Runs a storm. What is `broken` names every promise that did not hold. */
export async function runHostileStorm ({ seed, count, parallel }: HostileStorm): Promise<{
  readonly broken: string[], readonly figures: string
}> {
  const random = seeded(seed)
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-hostile-'))
  const service = createServer((request, response) => {
    request.resume()
    if (request.url === '/hold') response.write(Buffer.alloc(300_000))
    else if (request.url === '/quiet') response.write('begun')
    else response.end('fine')
  })
  await new Promise<void>(resolve => { service.listen(0, '127.0.0.1', resolve) })
  const gateway = new GatewayProcess(folder, `
server:
  host: 127.0.0.1
  port: 0
  timeouts: { headers: 1s, request: 2s, keepAlive: 500ms, write: 1s, linger: 500ms }
  shutdown: { timeout: 5s }
admin: { port: 0 }
accessLog: { enabled: false }
upstreams: { back: { targets: ['http://127.0.0.1:${(service.address() as AddressInfo).port}'], connections: { keepAlive: 500ms } } }
routes: [{ path: /heap, respond: {} }, { path: /*, upstream: back }]`)
  const broken: string[] = []
  const began = performance.now()
  let opened = 0
  let refused = 0
  let good = 0
  try {
    await gateway.started()
    const before = sockets(gateway)
    const worker = async (): Promise<void> => {
      while (opened < count) {
        const number = ++opened
        const toAdmin = random() < 0.2
        if (!await attack(toAdmin ? Number(new URL(gateway.admin).port) : gateway.port, states[toAdmin ? 'admin' : 'public'], random)) {
          refused++
        }
        if (number % 200 !== 0) continue
        const { status } = await send(`http://127.0.0.1:${gateway.port}`, '/heap')
        if (status === 200) good++
        else broken.push(`connection ${number}: a good request got ${status}`)
      }
    }
    await Promise.all(Array.from({ length: parallel }, worker))
    for (let tries = 0; sockets(gateway) > before && tries < 200; tries++) await pause(50)
    if (sockets(gateway) > before) broken.push(`${sockets(gateway)} sockets, ${before} before`)
    gateway.signal('SIGTERM')
    const [status] = await gateway.ended
    if (status !== 0) broken.push(`exit status ${status}`)
  } catch (error) {
    broken.push(`${opened} connections: ${String(error)}`)
    gateway.signal('SIGKILL')
  } finally {
    service.closeAllConnections()
    service.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const uncaught = gateway.lines.filter(({ msg }) => msg === 'uncaught exception' || msg === 'unhandled rejection')
  broken.push(...uncaught.map(line => JSON.stringify(line)), ...gateway.faulty)
  if (gateway.complaints !== '') broken.push(gateway.complaints)
  const seconds = (performance.now() - began) / 1000
  return {
    broken,
    figures: `${opened} connections in ${seconds.toFixed(1)} s, ${refused} not accepted, ${good} good requests between them, uncaught ` +
      `errors ${uncaught.length}`
  }
}

/** How many sockets it has open, those that listen included. */
function sockets ({ descriptors }: GatewayProcess): number {
  return descriptors.filter(name => name.startsWith('socket')).length
}

/** One connection. Resolves when it is over, to whether it was accepted. */
async function attack (port: number, choices: readonly { readonly send: string }[], random: () => number): Promise<boolean> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const bytes = mangle(Buffer.from(pick(choices).send, 'latin1'), random)
  const leave = pick(Object.values(ends))
  const stay = random() < 0.3 ? 0 : random() * 30
  const deaf = random() < 0.2
  // Addresses of their own, or the ports of one would run out.
  const socket = connect({
    host: '127.0.0.1',
    port,
    localAddress: `127.0.${1 + Math.floor(random() * 200)}.${1 + Math.floor(random() * 200)}`,
    allowHalfOpen: true
  })
  const closed = new Promise<void>(resolve => { socket.once('close', () => resolve()) })
  socket.on('error', () => {})
  await Promise.race([closed, new Promise<void>(resolve => { socket.once('connect', resolve) })])
  const accepted = !socket.destroyed
  if (deaf) socket.pause()
  else socket.resume()
  for (let at = 0; at < bytes.length;) {
    const length = random() < 0.7 ? bytes.length : 1 + Math.floor(random() * 40)
    socket.write(bytes.subarray(at, at + length))
    at += length
    if (at < bytes.length) await pause(random() * 3)
  }
  if (stay > 0) await pause(stay)
  leave(socket)
  // Clients that stay are disconnected after a while.
  const timer = setTimeout(() => { if (random() < 0.5) ends.RST(socket); else socket.destroy() }, 20 + random() * 200)
  await closed
  clearTimeout(timer)
  return accepted
}

/** Half of them as they are, the others cut, with bytes changed, or twice. */
function mangle (bytes: Buffer, random: () => number): Buffer {
  const kind = random()
  if (kind < 0.5 || bytes.length === 0) return bytes
  if (kind < 0.7) return bytes.subarray(0, Math.floor(random() * bytes.length))
  if (kind < 0.8) return Buffer.concat([bytes, bytes])
  const changed = Buffer.from(bytes)
  for (let times = 1 + random() * 4; times > 0; times--) changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
  return changed
}

if (import.meta.main) {
  const { values } = parseArgs({ options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '200' }
  } })
  const {
    broken,
    figures
  } = await runHostileStorm({ seed: Number(values.seed), count: Number(values.count), parallel: Number(values.parallel) })
  console.log(`seed ${values.seed}: ${figures}`)
  for (const line of broken) console.log(`  BROKEN ${line}`)
  process.exitCode = broken.length === 0 ? 0 : 1
}
