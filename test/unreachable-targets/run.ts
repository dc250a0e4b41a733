/**
 * One of several targets is dead: how many requests fail. `node test/unreachable-targets/run.ts [--requests N] [--concurrency N] [--nginx]`
 * With `--nginx` the same load goes through nginx with the same targets and a connect timeout of 5 s.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../helpers/target.ts'
import { load, MortalTarget, type Death } from './outage.ts'

const { values } = parseArgs({ options: {
  requests: { type: 'string', default: '10000' },
  concurrency: { type: 'string', default: '50' },
  nginx: { type: 'boolean', default: false },
  only: { type: 'string', default: '' }
} })
const requests = Number(values.requests)
const concurrency = Number(values.concurrency)

interface Proxy {
  readonly url: string
  stop (): Promise<void>
}

const example = readFileSync(fileURLToPath(new URL('../../examples/retries/gateway.yaml', import.meta.url)), 'utf8')
/** Keys of the upstream in the example, beside its targets. */
const exampleKeys = example.slice(example.indexOf('    balance:'), example.indexOf('\nroutes:'))

const proxies: Readonly<Record<string, (targets: readonly MortalTarget[]) => Promise<Proxy>>> = {
  'onedoor, defaults': async targets => await startOnedoor(targets, ''),
  'onedoor, retry: {}': async targets => await startOnedoor(targets, '    retry: {}\n'),
  'onedoor, examples/retries': async targets => await startOnedoor(targets, exampleKeys),
  ...(values.nginx ? { nginx: startNginx } : {})
}

for (const [name, start] of Object.entries(proxies)) {
  for (const count of [3, 2]) {
    for (const death of ['refuses', 'silent'] as const) {
      for (const when of ['start', 'middle'] as const) {
        if (`${name} ${count} ${death} ${when}`.includes(values.only)) await measure(name, start, count, death, when)
      }
    }
  }
}

async function measure (
  name: string,
  start: (typeof proxies)[string],
  count: number,
  death: Death,
  when: 'start' | 'middle'
): Promise<void> {
  const targets = await Promise.all(Array.from({ length: count }, async () => await MortalTarget.start()))
  const proxy = await start(targets)
  if (when === 'start') await targets[0]!.die(death)
  const seen = await load(proxy.url, requests, concurrency, when === 'middle' ? async () => await targets[0]!.die(death) : undefined)
  const scene = `${name.padEnd(28)} one of ${count} ${death.padEnd(8)} from the ${when.padEnd(7)}`
  const failed = `failed ${String(seen.failed).padStart(5)} of ${requests}`
  console.log(`${scene} ${failed}  longest ${seen.longest} ms  ${JSON.stringify(seen.statuses)}`)
  await proxy.stop()
  await Promise.all(targets.map(async target => await target.end()))
}

async function startOnedoor (targets: readonly MortalTarget[], keys: string): Promise<Proxy> {
  const port = await freePort()
  return await startProxy(port, process.execPath, folder => {
    writeFileSync(
      join(folder, 'gateway.yaml'),
      `server: { host: 127.0.0.1, port: ${port} }\nadmin: { port: 0 }\nlogging: { level: error }\nupstreams:\n  it:\n    targets: ` +
        `[${targets.map(({ url }) => url).join()}]\n${keys}routes: [{ path: /*, upstream: it }]\n`
    )
    return [fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url)), 'start', '--config', join(folder, 'gateway.yaml')]
  })
}

async function startNginx (targets: readonly MortalTarget[]): Promise<Proxy> {
  const port = await freePort()
  return await startProxy(port, 'nginx', folder => {
    const process = `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log crit;`
    writeFileSync(join(folder, 'nginx.conf'), `${process} events {}
http {
  access_log off; client_body_temp_path ${folder}/1; proxy_temp_path ${folder}/2; fastcgi_temp_path ${folder}/3;
  uwsgi_temp_path ${folder}/4; scgi_temp_path ${folder}/5;
  upstream it { ${targets.map(({ port }) => `server 127.0.0.1:${port};`).join(' ')} keepalive 64; }
  server { listen 127.0.0.1:${port}; location / {
    proxy_pass http://it; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_connect_timeout 5s; proxy_read_timeout 30s;
  } }
}`)
    return ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  })
}

async function startProxy (port: number, command: string, prepare: (folder: string) => string[]): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), 'outage-'))
  const started = spawn(command, prepare(folder), { stdio: ['ignore', 'ignore', 'inherit'] })
  while (!await answers(port)) await pause(20)
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      const exit = once(started, 'exit')
      started.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function answers (port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
