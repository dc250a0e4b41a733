/**
 * What a request costs over HTTP/1.1 and HTTP/2, with and without TLS, on one gateway: `node bench/http2.ts [rounds]`. Needs h2load and
 * nginx or none. The figure is the processor time of the gateway, the least of all rounds.
 */

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issueCertificate } from '../test/helpers/certificates.ts'
import { onPath } from './contenders.ts'
import { freePort, urlOf, type Place } from './place.ts'
import { processTicks, ticksPerSecond } from './proc.ts'
import { start } from './running.ts'
import { scenarios } from './scenarios.ts'
import { Surroundings } from './surroundings.ts'
import { table } from './table.ts'

const [proxyCore, loadCore] = [0, 1]
const rounds = Number(process.argv[2] ?? 5)
const requests = 40_000
const warmUp = 40_000

/** How h2load asks. The first row is the reference. */
const rows = [
  { name: 'HTTP/1.1, 64 connections', tls: false, options: ['--h1', '-c', '64'] },
  { name: 'HTTP/2, 8 connections with 8 streams', tls: false, options: ['-c', '8', '-m', '8'] },
  { name: 'HTTP/2, 64 connections with 1 stream', tls: false, options: ['-c', '64', '-m', '1'] },
  { name: 'HTTP/1.1 over TLS, 64 connections', tls: true, options: ['--h1', '-c', '64'] },
  { name: 'HTTP/2 over TLS, 8 connections with 8 streams', tls: true, options: ['-c', '8', '-m', '8'] },
  { name: 'HTTP/2 over TLS, 64 connections with 1 stream', tls: true, options: ['-c', '64', '-m', '1'] }
] as const

if (!onPath('h2load')) throw new Error('h2load is needed and not installed')
const { load } = scenarios.find(({ name }) => name === 'plain')!
const around = await Surroundings.open(load, loadCore)
try {
  const place = await around.place(load)
  const securePort = await freePort()
  const gateway = await start(launchOf(place, securePort), place.folder, proxyCore, place.port)
  const least = rows.map(() => Infinity)
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, tls, options }] of rows.entries()) {
      const url = `${tls ? 'https' : 'http'}://127.0.0.1:${tls ? securePort : place.port}${load.paths[0]!}`
      if (round === 0) ask(options, url, warmUp)
      const before = ticksOf(gateway.pid)
      ask(options, url, requests)
      const microseconds = (ticksOf(gateway.pid) - before) / ticksPerSecond / requests * 1e6
      console.error(`${name}: ${microseconds.toFixed(1)}`)
      least[index] = Math.min(least[index]!, microseconds)
    }
  }
  await gateway.stop()
  const lines = rows.map(({ name }, index) => [name, least[index]!.toFixed(1), (least[index]! / least[0]!).toFixed(2)])
  console.log(table(['', 'µs CPU per request', 'ratio'], lines))
} finally {
  await around.close()
}

function launchOf (place: Place, securePort: number): Parameters<typeof start>[0] {
  const { cert, key } = issueCertificate({ subject: 'bench.test', san: ['dns:bench.test'] })
  const inside = (name: string): string => join(place.folder, name)
  const [certFile, keyFile, file] = [inside('cert.pem'), inside('key.pem'), inside('gateway.yaml')]
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key, { mode: 0o600 })
  writeFileSync(file, `
listeners:
  - { host: 127.0.0.1, port: ${place.port}, http2: true }
  - { host: 127.0.0.1, port: ${securePort}, tls: { certificates: [{ cert: ${certFile}, key: ${keyFile} }] } }
admin: { enabled: false }
accessLog: { enabled: false }
upstreams: { service: { targets: ["${urlOf(place, 0)}"] } }
routes:
  - { path: /api/*, upstream: service }
`)
  return { command: process.execPath, args: [join(import.meta.dirname, '../bin/onedoor.mjs'), 'start', file] }
}

function ask (options: readonly string[], url: string, count: number): void {
  const output = execFileSync('taskset', ['-c', String(loadCore), 'h2load', '-n', String(count), ...options, url], { encoding: 'utf8' })
  if (!output.includes(`${count} succeeded`)) throw new Error(output)
}

function ticksOf (pid: number): number {
  return processTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
