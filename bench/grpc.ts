/**
 * What a unary call costs: `node bench/grpc.ts [rounds]`. Needs h2load; nginx is measured where it is installed. The figures are processor
 * time in microseconds a call, the least of all rounds: of the proxy, and of the service behind it.
 */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFrame } from '../src/http/grpc/frames.ts'
import type { Launch } from './contender.ts'
import { onPath } from './contenders.ts'
import { freePort } from './place.ts'
import { processTicks, ticksPerSecond } from './proc.ts'
import { processTree } from './process-tree.ts'
import { start, type Running } from './running.ts'
import { table } from './table.ts'

const [proxyCore, loadCore] = [0, 1]
const rounds = Number(process.argv[2] ?? 5)
const calls = 30_000
/** Connections, and calls at once on each. */
const shapes = [[8, 8], [64, 1]] as const

if (!onPath('h2load')) throw new Error('h2load is needed and not installed')
const folder = mkdtempSync(join(tmpdir(), 'onedoor-bench-'))
const message = join(folder, 'message')
writeFileSync(message, writeFrame(Buffer.alloc(36, 'x')))
const running: Running[] = []
try {
  const servicePort = await freePort()
  const service = await begin('service', { command: process.execPath, args: [inBench('grpc-target.ts'), String(servicePort)] }, servicePort)
  const ways: { readonly name: string, readonly port: number, readonly proxy: Running | undefined }[] = [
    { name: 'direct', port: servicePort, proxy: undefined }
  ]
  for (const [name, launch] of [['onedoor', onedoor], ['nginx', nginx]] as const) {
    if (name !== 'onedoor' && !onPath('nginx')) continue
    const port = await freePort()
    ways.push({ name, port, proxy: await begin(name, launch(join(folder, name), port, servicePort), port) })
  }
  const lines = shapes.flatMap(([connections, streams]) => {
    const least = ways.map(() => [Infinity, Infinity])
    for (let round = 0; round <= rounds; round++) {
      for (const [index, { port, proxy }] of ways.entries()) {
        const before = [proxy === undefined ? 0 : ticksOf(proxy), ticksOf(service)]
        load(port, connections, streams)
        const after = [proxy === undefined ? 0 : ticksOf(proxy), ticksOf(service)]
        // The first round warms up.
        if (round > 0) least[index] = least[index]!.map((cost, at) => Math.min(cost, microseconds(after[at]! - before[at]!)))
      }
    }
    return ways.map(({ name }, index) => [
      name, `${connections} × ${streams}`, ...least[index]!.map(cost => cost.toFixed(1)), (least[index]![0]! + least[index]![1]!).toFixed(1)
    ])
  })
  console.log(table(['', 'connections × calls', 'proxy', 'service', 'together'], lines))
} finally {
  for (const one of running) await one.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function begin (name: string, launch: Launch, port: number): Promise<Running> {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  const started = await start(launch, own, proxyCore, port)
  running.push(started)
  return started
}

function load (port: number, connections: number, streams: number): void {
  const output = execFileSync('taskset', [
    '-c', String(loadCore), 'h2load', '-n', String(calls), '-c', String(connections), '-m', String(streams), '-d', message,
    '-H', 'content-type: application/grpc+proto', '-H', 'te: trailers', `http://127.0.0.1:${port}/shop.Orders/Get`
  ], { encoding: 'utf8' })
  if (!output.includes(`${calls} succeeded`)) throw new Error(output)
}

function microseconds (ticks: number): number {
  return ticks / ticksPerSecond / calls * 1e6
}

/** nginx works in a process of its own below the one that was started. */
function ticksOf ({ pid }: Running): number {
  return processTree(pid).reduce((sum, one) => sum + processTicks(readFileSync(`/proc/${one}/stat`, 'utf8')), 0)
}

function inBench (file: string): string {
  return join(import.meta.dirname, file)
}

function onedoor (own: string, port: number, servicePort: number): Launch {
  return {
    command: process.execPath,
    args: [inBench('../bin/onedoor.mjs'), 'start', join(own, 'gateway.yaml')],
    files: {
      'gateway.yaml': `
listeners: [{ host: 127.0.0.1, port: ${port}, http2: { maxStreams: 1024 } }]
admin: { enabled: false }
accessLog: { enabled: false }
upstreams: { service: { targets: ['http://127.0.0.1:${servicePort}'], protocol: h2c } }
routes: [{ grpc: shop.Orders/*, upstream: service }]
`
    }
  }
}

function nginx (own: string, port: number, servicePort: number): Launch {
  return {
    command: 'nginx',
    args: ['-p', own, '-e', join(own, 'error.log'), '-c', join(own, 'nginx.conf')],
    files: {
      'nginx.conf': `
daemon off;
worker_processes 1;
pid ${own}/nginx.pid;
error_log ${own}/error.log crit;
events { worker_connections 16384; }
http {
  access_log off;
  keepalive_requests 1000000000;
  http2_max_concurrent_streams 1024;
  client_body_temp_path ${own}/body;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  upstream service { server 127.0.0.1:${servicePort}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} http2 backlog=16384;
    location / { grpc_pass grpc://service; }
  }
}
`
    }
  }
}
