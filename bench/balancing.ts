/**
 * What balancers make of a target that becomes ten times slower, and how slow start brings one back: `node bench/balancing.ts`, about 40 s.
 *
 * Three targets with four workers each respond in 10 ms. After two seconds one of them needs 100 ms, which leaves it 40 requests a second.
 * 150 requests arrive each second, whether or not earlier ones have ended, as in production. So a growing queue is
 * measured in full.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request, createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Gateway } from '../src/gateway/gateway.ts'
import { createLogger } from '../src/logging/log.ts'

const perSecond = 150
const calm = 2000
const slow = 6000
const workers = 4
const fastMs = 10
const slowMs = 100

/** A service with so many workers; what they cannot take waits. */
class Service {
  latency = fastMs
  hits = 0
  broken = false
  readonly server: Server
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor () {
    this.server = createServer((_request, response) => {
      this.hits++
      if (this.broken) {
        response.writeHead(500).end()
        return
      }
      this.#work(() => response.end('ok'))
    })
    this.server.keepAliveTimeout = 60_000
  }

  async listen (): Promise<string> {
    await new Promise<void>(resolve => { this.server.listen(0, '127.0.0.1', resolve) })
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  close (): void {
    this.server.closeAllConnections()
    this.server.close()
  }

  #work (done: () => void): void {
    if (this.#busy === workers) {
      this.#waiting.push(() => this.#work(done))
      return
    }
    this.#busy++
    setTimeout(() => {
      this.#busy--
      done()
      this.#waiting.shift()?.()
    }, this.latency)
  }
}

interface Setting {
  readonly services: readonly Service[]
  ask (): Promise<void>
  close (): Promise<void>
}

/** Three services behind a gateway with these keys of the upstream. */
async function setUp (keys: string): Promise<Setting> {
  const services = [new Service(), new Service(), new Service()]
  const urls = await Promise.all(services.map(async service => await service.listen()))
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'))
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, `
server: { host: 127.0.0.1, port: 0 }
admin: { enabled: false }
metrics: { listener: public }
upstreams: { users: { targets: [${urls.join(', ')}], timeouts: { response: 30s, total: 0s }, ${keys} } }
routes: [{ path: /, upstream: users }]
`)
  const gateway = new Gateway({ file, env: {}, logger: createLogger({ level: 'silent', format: 'json' }) })
  const { proxy } = await gateway.start()
  const agent = new Agent({ keepAlive: true })
  return {
    services,
    async ask () {
      await new Promise<void>((resolve, reject) => {
        request(proxy, { agent }, response => response.resume().once('end', resolve)).once('error', reject).end()
      })
    },
    async close () {
      agent.destroy()
      await gateway.close(0)
      for (const service of services) service.close()
      rmSync(folder, { recursive: true })
    }
  }
}

/** Sends at an even pace for so long and resolves with the latencies when all have a response. */
async function send (setting: Setting, duration: number): Promise<number[]> {
  const latencies: number[] = []
  const pending: Promise<void>[] = []
  const begun = performance.now()
  for (let sent = 0; ; sent++) {
    const due = begun + sent * 1000 / perSecond
    if (due - begun >= duration) break
    await sleep(Math.max(0, due - performance.now()))
    // From when it was due: a sender that is held up must not hide it.
    pending.push(setting.ask().then(() => { latencies.push(performance.now() - due) }))
  }
  await Promise.all(pending)
  return latencies.toSorted((a, b) => a - b)
}

function quantile (sorted: readonly number[], share: number): string {
  return `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)} ms`
}

async function slowTarget (balance: string): Promise<readonly string[]> {
  const setting = await setUp(`balance: ${balance}`)
  try {
    await send(setting, calm)
    const [first] = setting.services
    first!.latency = slowMs
    const before = setting.services.map(service => service.hits)
    const latencies = await send(setting, slow)
    const got = (first!.hits - before[0]!) / latencies.length
    return [
      balance, quantile(latencies, 0.5), quantile(latencies, 0.9), quantile(latencies, 0.99), quantile(latencies, 1),
      `${Math.round(got * 100)} %`
    ]
  } finally {
    await setting.close()
  }
}

async function comeBack (): Promise<readonly (readonly string[])[]> {
  const setting = await setUp('slowStart: 5s, circuitBreaker: { failures: 1, openFor: 100ms }')
  try {
    const [first] = setting.services
    first!.broken = true
    await send(setting, 50)
    first!.broken = false
    await sleep(200)
    const rows: string[][] = []
    for (let second = 0; second < 7; second++) {
      const before = setting.services.map(service => service.hits)
      await send(setting, 1000)
      const hits = setting.services.map((service, index) => service.hits - before[index]!)
      rows.push([
        `${second} s to ${second + 1} s`,
        ...hits.map(count => `${Math.round(100 * count / hits.reduce((sum, one) => sum + one, 0))} %`)
      ])
    }
    return rows
  } finally {
    await setting.close()
  }
}

function print (title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map(row => row[column]!.length)))
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) =>
    column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join(' | ')} |`
  console.log([title, '', line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line), ''].join('\n'))
}

const rows: (readonly string[])[] = []
for (const balance of ['round-robin', 'random', 'least-connections', 'power-of-two']) rows.push(await slowTarget(balance))
print(
  `One of three targets takes ${slowMs} ms instead of ${fastMs} ms, ${perSecond} requests a second`,
  ['balance', 'p50', 'p90', 'p99', 'worst', 'to the slow one'],
  rows
)
print('The share of a target that comes back, slowStart: 5s', ['after', 'it', 'second', 'third'], await comeBack())
