/**
 * What a request costs by the protocol of its upstream, on one gateway: `node bench/upstream-http2.ts [rounds]`. Needs h2load. The
 * figure is the processor time of the gateway, the least of all rounds.
 */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onPath } from './contenders.ts'
import { freePort } from './place.ts'
import { processTicks, ticksPerSecond } from './proc.ts'
import { start } from './running.ts'
import { table } from './table.ts'

const [proxyCore, loadCore] = [0, 1]
const requests = 40_000
const protocols = ['http1', 'h2c'] as const

/** How h2load asks. */
const loads = [
  { name: 'HTTP/1.1, 64 connections', options: ['--h1', '-c', '64'] },
  { name: 'HTTP/2, 8 connections with 8 streams', options: ['-c', '8', '-m', '8'] }
] as const

if (process.argv[2] === 'targets') serve(process.argv.slice(3).map(Number))
else await measure(Number(process.argv[2] ?? 5))

/** The services behind the gateway: one for each protocol, in a process of their own. */
function serve (ports: readonly number[]): void {
  const body = Buffer.from(JSON.stringify({ text: 'x'.repeat(20) }))
  const fields = { 'content-type': 'application/json', 'content-length': body.length }
  const http1 = createServer((_request, response) => response.writeHead(200, fields).end(body))
  http1.keepAliveTimeout = 3_600_000
  http1.listen(ports[0], '127.0.0.1')
  createHttp2Server().on('stream', stream => {
    stream.respond({ ':status': 200, ...fields })
    stream.end(body)
  }).listen(ports[1], '127.0.0.1')
}

async function measure (rounds: number): Promise<void> {
  if (!onPath('h2load')) throw new Error('h2load is needed and not installed')
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'))
  const [port, ...targets] = [await freePort(), await freePort(), await freePort()]
  const file = join(folder, 'gateway.yaml')
  const upstreams = protocols.map((protocol, index) => {
    return `  ${protocol}: { targets: ["http://127.0.0.1:${targets[index]!}"], protocol: ${protocol} }\n`
  })
  writeFileSync(file, `
listeners: [{ host: 127.0.0.1, port: ${port}, http2: true }]
admin: { enabled: false }
accessLog: { enabled: false }
upstreams:
${upstreams.join('')}
routes:
${protocols.map(protocol => `  - { path: /${protocol}, upstream: ${protocol} }\n`).join('')}`)
  const command = process.execPath
  const served = await start({ command, args: [import.meta.filename, 'targets', ...targets.map(String)] }, folder, loadCore, targets[1])
  const args = [join(import.meta.dirname, '../bin/onedoor.mjs'), 'start', file]
  const gateway = await start({ command, args }, folder, proxyCore, port)
  try {
    const rows: string[][] = []
    for (const { name, options } of loads) {
      const least = protocols.map(() => Infinity)
      for (let round = 0; round <= rounds; round++) {
        for (const [index, protocol] of protocols.entries()) {
          const before = ticksOf(gateway.pid)
          ask(options, `http://127.0.0.1:${port}/${protocol}`)
          const microseconds = (ticksOf(gateway.pid) - before) / ticksPerSecond / requests * 1e6
          // The first round warms up.
          if (round > 0) least[index] = Math.min(least[index]!, microseconds)
        }
      }
      rows.push([name, ...least.map(value => value.toFixed(1)), (least[1]! / least[0]!).toFixed(2)])
    }
    console.log(table(['clients', ...protocols.map(protocol => `µs CPU to ${protocol}`), 'ratio'], rows))
  } finally {
    await gateway.stop()
    await served.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function ask (options: readonly string[], url: string): void {
  const output = execFileSync('taskset', ['-c', String(loadCore), 'h2load', '-n', String(requests), ...options, url], { encoding: 'utf8' })
  if (!output.includes(`${requests} succeeded`)) throw new Error(output)
}

function ticksOf (pid: number): number {
  return processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
