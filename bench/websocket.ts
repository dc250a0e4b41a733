/**
 * WebSockets through the gateway, nginx and HAProxy: `npm run bench:websocket -- [connections] [rounds] [contender]`. Processor time of a
 * message of 64 bytes, memory of idle WebSockets, and memory while 1 GB goes to a slow reader. The proxy is alone on core 0.
 */

import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fork, spawnSync } from 'node:child_process'
import { acceptFor } from '../src/http/websocket.ts'
import type { Launch } from './contender.ts'
import { memory, processTree, read } from './process-tree.ts'
import { start, type Running } from './running.ts'
import { table } from './table.ts'

const [proxyCore, loadCore] = [0, 1]
const idle = Number(process.argv[2] ?? 9500)
const rounds = Number(process.argv[3] ?? 3)
const only = process.argv[4]
/** Senders, each with one message a millisecond. */
const senders = 100
const seconds = 3
const large = 1024 ** 3
const mask = Buffer.alloc(4)
const small = Buffer.concat([Buffer.from([0x82, 0x80 | 64]), mask, Buffer.alloc(64)])
const chunk = Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536)])

const handshake = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

/** The service, in a process of its own: counts what it gets, and sends 1 GB under `/large`. */
function serve (): void {
  let received = 0
  const server = createServer({ noDelay: true }, socket => {
    socket.on('error', () => {}).once('data', request => {
      const [, key] = /sec-websocket-key: (\S+)/i.exec(String(request)) ?? []
      if (key === undefined) return socket.destroy()
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\n`)
      socket.on('data', (bytes: Buffer) => { received += bytes.length })
      if (String(request).startsWith('GET /large')) send(socket)
      return undefined
    })
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 16_384 }, () => process.send!((server.address() as AddressInfo).port))
  process.on('message', () => process.send!(received))
}

function send (socket: Socket): void {
  let left = large
  const more = (): void => {
    while (left > 0) {
      left -= 65_536
      if (!socket.write(chunk)) return
    }
    socket.off('drain', more).end()
  }
  socket.on('drain', more)
  more()
}

type Contender = (target: number, port: number, folder: string) => Launch

const contenders: Readonly<Record<string, Contender>> = {
  onedoor: (target, port) => ({
    command: process.execPath,
    args: [join(import.meta.dirname, '../bin/onedoor.mjs'), 'start', 'gateway.yaml'],
    files: {
      'gateway.yaml': `
server: { host: 127.0.0.1, port: ${port}, limits: { connections: 15000 } }
admin: { enabled: false }
metrics: { enabled: false }
accessLog: { enabled: false }
upstreams: { chat: { targets: ['http://127.0.0.1:${target}'], connections: { max: 60000 } } }
routes: [{ path: /*, upstream: chat }]
`
    }
  }),
  nginx: (target, port, folder) => ({
    command: 'nginx',
    args: ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`],
    files: {
      'nginx.conf': `daemon off; worker_processes 1; pid ${folder}/nginx.pid; worker_rlimit_nofile 20000;
events { worker_connections 19900; }
http {
  access_log off; tcp_nodelay on; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  server {
    listen 127.0.0.1:${port} backlog=16384;
    location / {
      proxy_pass http://127.0.0.1:${target}; proxy_http_version 1.1; proxy_read_timeout 1h; proxy_send_timeout 1h;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
    }
  }
}
`
    }
  }),
  haproxy: (target, port) => ({
    command: 'haproxy',
    args: ['-f', 'haproxy.cfg'],
    files: {
      'haproxy.cfg': `
global
  nbthread 1
  maxconn 9900
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
frontend front
  bind 127.0.0.1:${port} backlog 16384
  default_backend chat
backend chat
  server one 127.0.0.1:${target}
`
    }
  })
}

async function open (port: number, path: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {}).write(handshake(path))
  const [head] = await once(socket, 'data') as [Buffer]
  if (!String(head).startsWith('HTTP/1.1 101')) throw new Error(String(head).slice(0, 100))
  return socket
}

async function openMany (port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    sockets.push(...await Promise.all(Array.from({ length: Math.min(200, count - sockets.length) }, async () => await open(port, '/'))))
  }
  return sockets
}

/** Microseconds of processor time for a message, and messages a second. */
async function messages ({ pid }: Running, port: number, received: () => Promise<number>): Promise<[number, number]> {
  const sockets = await openMany(port, senders)
  let due = performance.now()
  const timer = setInterval(() => {
    for (const now = performance.now(); due < now; due++) for (const socket of sockets) socket.write(small)
  }, 1)
  await sleep(1000)
  const [before, sentBefore] = [read(processTree(pid), proxyCore), await received()]
  await sleep(seconds * 1000)
  const [after, sentAfter] = [read(processTree(pid), proxyCore), await received()]
  clearInterval(timer)
  for (const socket of sockets) socket.destroy()
  const count = (sentAfter - sentBefore) / small.length
  return [(after.own - before.own) / count * 1e6, count / (after.at - before.at)]
}

/** Bytes that an idle WebSocket takes. */
async function idleMemory ({ pid }: Running, port: number): Promise<number> {
  for (const socket of await openMany(port, 200)) socket.destroy()
  await sleep(4000)
  const before = memory(processTree(pid))
  const sockets = await openMany(port, idle)
  await sleep(4000)
  const after = memory(processTree(pid))
  for (const socket of sockets) socket.destroy()
  await sleep(2000)
  return (after - before) / idle
}

/** The most memory beyond that before, while a client rests after every 4 MiB. */
async function slowReader ({ pid }: Running, port: number): Promise<number> {
  const before = memory(processTree(pid))
  const socket = await open(port, '/large')
  let [most, received, sinceRest] = [0, 0, 0]
  const timer = setInterval(() => { most = Math.max(most, memory(processTree(pid))) }, 20)
  socket.on('data', (bytes: Buffer) => {
    received += bytes.length
    sinceRest += bytes.length
    if (sinceRest < 4 * 1024 * 1024) return
    sinceRest = 0
    socket.pause()
    setTimeout(() => socket.resume(), 5)
  })
  // Not `once`, which rejects with the reset that ends the connection in some proxies.
  await new Promise<void>(resolve => { socket.once('close', () => resolve()) })
  clearInterval(timer)
  if (received < large) throw new Error(`only ${received} bytes have arrived`)
  return most - before
}

async function measure (name: string, launch: Contender): Promise<string[]> {
  const service = fork(import.meta.filename, ['--serve'], { execArgv: [] })
  const [target] = await once(service, 'message') as [number]
  const received = async (): Promise<number> => {
    service.send('received')
    return ((await once(service, 'message')) as [number])[0]
  }
  const folder = mkdtempSync(join(tmpdir(), 'websocket-bench-'))
  const port = 20_000 + (process.pid + Object.keys(contenders).indexOf(name)) % 10_000
  let running: Running | undefined
  try {
    running = await start(launch(target, port, folder), folder, proxyCore, port)
    const samples: [number, number][] = []
    for (let round = 0; round < rounds; round++) samples.push(await messages(running, port, received))
    samples.sort(([a], [b]) => a - b)
    const [cost, rate] = samples[Math.floor(rounds / 2)]!
    const slow = await slowReader(running, port)
    const each = await idleMemory(running, port)
    return [name, cost.toFixed(2), Math.round(rate).toString(), (each / 1024).toFixed(1), (slow / 1024 ** 2).toFixed(0)]
  } finally {
    await running?.stop()
    service.kill()
  }
}

if (process.argv[2] === '--serve') {
  serve()
} else {
  spawnSync('taskset', ['-pc', String(loadCore), String(process.pid)])
  const rows: string[][] = []
  for (const [name, launch] of Object.entries(contenders).filter(([name]) => only === undefined || name === only)) {
    const row = await measure(name, launch).catch((error: unknown) => { console.error(error); return [name, String(error), '', '', ''] })
    console.error(row.join('  '))
    rows.push(row)
  }
  console.log(table(['', 'µs CPU a message', 'messages/s', `KiB each of ${idle} idle`, 'MiB more for 1 GB, slow'], rows))
}
