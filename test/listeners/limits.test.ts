/** How many connections clients may have, and what happens when descriptors run out all the same. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Connections } from '../../src/listeners/connections.ts'
import { isShortOfFiles, usualConnections } from '../../src/listeners/limits.ts'
import { openFilesLimit, readLimit } from '../../src/listeners/open-files.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'

test('half of the files may be clients, whatever the system says', () => {
  for (const [files, most] of [
    [1024, 480], [200, 68], [65_536, 32_736], [10, 1], [Infinity, 100_000], [1_048_576, 100_000], [undefined, 4096]
  ] as const) {
    assert.equal(usualConnections(files), most)
    assert.equal(isShortOfFiles(usualConnections(files), files), files === 10)
  }
  assert.equal(isShortOfFiles(0, 1024), true)
  assert.equal(isShortOfFiles(960, 1024), false)
  assert.equal(isShortOfFiles(961, 1024), true)
  assert.equal(isShortOfFiles(0, undefined), false)
})

test('the limit is read from what proc says', () => {
  assert.equal(
    readLimit(
      'Limit                     Soft Limit           Hard Limit           Units\nMax open files            20000                ' +
        '30000                files\n'
    ),
    20_000
  )
  assert.equal(readLimit('Max open files            unlimited            unlimited            files\n'), Infinity)
  assert.equal(readLimit('nothing'), undefined)
  if (process.platform === 'linux') assert.ok(openFilesLimit()! > 0)
})

test('the number of connections and its limit are metrics, and no limit is a warning', async t => {
  const door = await startGateway(t, 'server: { host: 127.0.0.1, port: 0, limits: { connections: 0 } }\nroutes: [{ path: /, respond: {} }]')
  await open(t, door.url)
  while (door.gateway.connections.public.open === 0) await new Promise(setImmediate)
  const { text } = await send(door.admin, '/metrics')
  assert.match(text, /^gateway_client_connections\{listener="public",state="open"\} 1$/m)
  assert.match(text, /^gateway_client_connections_limit\{listener="public"\} \+?Inf/m)
  assert.match(door.gateway.warnings.join('\n'), /server|connections|no limit/)
  assert.equal(door.logs.some(({ msg }) => msg === 'clients may use up the files that the process may open'), process.platform === 'linux')
})

const bin = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

test('without a word in the file there is a limit, and no warning', async t => {
  const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  assert.equal(door.gateway.connections.public.most, usualConnections(openFilesLimit()))
  assert.equal(door.gateway.connections.admin.most, 256)
  assert.deepEqual(door.gateway.warnings, [])
})

test('limits that are applied repeatedly make no client late earlier', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let looks = 0
  const connections = new Connections(() => { looks++ })
  for (const linger of [2000, 4000, 8000]) connections.apply({ most: 10, write: 60_000, linger })
  t.mock.timers.tick(1000)
  assert.equal(looks, 1)
  connections.stop()
  t.mock.timers.tick(60_000)
  assert.equal(looks, 1)
})

test('errors of accepting are logged once a second, and the gateway serves on', async t => {
  const servers = new Set<Server>()
  const found = (message: unknown): void => { servers.add((message as { socket: { server: Server } }).socket.server) }
  subscribe('http.server.request.start', found)
  t.after(() => unsubscribe('http.server.request.start', found))
  const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  await send(door.url, '/')
  assert.equal(servers.size, 1)
  for (const server of servers) {
    for (let times = 0; times < 3; times++) server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }))
  }
  const line = await door.logged(({ msg }) => msg === 'connections cannot be accepted')
  assert.equal(line['times'], 3)
  assert.equal((await send(door.url, '/')).status, 200)
})

test('a gateway whose descriptors run out serves on when there are some again', {
  skip: process.platform !== 'linux',
  timeout: 60_000
}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gateway.yaml')
  writeFileSync(
    file,
    'server: { host: 127.0.0.1, port: 0, limits: { connections: 0 }, timeouts: { headers: 2s } }\nadmin: { port: 0 }\nroutes: [{ path: ' +
      '/, respond: { text: fine } }]'
  )
  const child = spawn('sh', [
    '-c', 'ulimit -n 80 && exec "$0" "$@"', process.execPath, bin, 'start', '--config', file
  ], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const started = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', text => {
    const line = JSON.parse(text) as Record<string, unknown>
    if (line['msg'] === 'gateway started') started.resolve(String(line['proxy']))
  })
  const url = await started.promise
  const sockets = await Promise.all(Array.from({ length: 120 }, async () => await open(t, url)))
  for (const socket of sockets) socket.resume()
  for (const socket of sockets) socket.destroy()
  let answer
  while (answer?.status !== 200) answer = await send(url, '/').catch(() => undefined)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
})
