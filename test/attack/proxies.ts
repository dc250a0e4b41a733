/** The proxies that attacks are compared with: how each is asked for its version, configured and started. */

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDoor } from './doors.ts'

const root = new URL('../../', import.meta.url)

export interface Proxy {
  readonly name: string
  /** Its version, or undefined when it is not installed. */
  version (): string | undefined
  /** Starts it on a port, in front of another; the folder is its own. */
  start (folder: string, port: number, upstream: number): ChildProcess
}

function ask (command: string, args: readonly string[], pattern: RegExp): string | undefined {
  try {
    return pattern.exec(execFileSync('sh', ['-c', `${[command, ...args].join(' ')} 2>&1`], { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
}

/** Writes the file of a proxy and runs it. */
function launch (folder: string, file: string, text: string, command: string, args: readonly string[]): ChildProcess {
  writeFileSync(join(folder, file), text)
  return spawn(command, args, { cwd: folder, stdio: 'ignore' })
}

/** @param threads that serve */
export const onedoor = (threads: number): Proxy => ({
  name: threads === 1 ? 'Onedoor' : `Onedoor, ${threads} threads,`,
  version: () => (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }).version,
  start: (folder, port, upstream) => launch(
    folder,
    'gateway.yaml',
    `server: { host: 127.0.0.1, port: ${port}, threads: ${threads} }
admin: { enabled: false }
${openDoor(`http://127.0.0.1:${upstream}`)}`,
    process.execPath,
    [new URL('bin/onedoor.mjs', root).pathname, 'start', 'gateway.yaml']
  )
})

/** Their defaults, with keep-alive to the service and the same short times, so that nothing waits. */
export const peers: readonly Proxy[] = [
  {
    name: 'nginx',
    version: () => ask('nginx', ['-v'], /nginx\/(\S+)/),
    start: (folder, port, upstream) => launch(folder, 'nginx.conf', `daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events {}
http {
  access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  upstream service { server 127.0.0.1:${upstream}; keepalive 1; }
  server { listen 127.0.0.1:${port}; location / {
    proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
    proxy_read_timeout 1s; client_body_timeout 2s;
  } }
}\n`, 'nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')])
  },
  {
    name: 'HAProxy',
    version: () => ask('haproxy', ['-v'], /version (\d[\d.]*)/),
    start: (folder, port, upstream) => launch(folder, 'haproxy.cfg', `defaults
  mode http
  timeout connect 2s
  timeout client 2s
  timeout server 1s
  timeout http-request 2s
frontend door
  bind 127.0.0.1:${port}
  default_backend service
backend service
  http-reuse safe
  server one 127.0.0.1:${upstream}\n`, 'haproxy', ['-db', '-f', 'haproxy.cfg'])
  },
  {
    name: 'Caddy',
    version: () => ask('caddy', ['version'], /v?(\d[\w.]*)/),
    start: (folder, port, upstream) => launch(folder, 'Caddyfile', `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${upstream} {
    transport http {
      response_header_timeout 1s
    }
  }
}\n`, 'caddy', ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'])
  }
]
