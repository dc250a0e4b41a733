/** The access log in a file that several threads write to. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, renameSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { launch, launchGateway } from '../cli/running.ts'

const clients = 16
const requests = 200

/** Sends many requests at once over a connection of its own, with paths long enough for lines that fill many pages, and reads the ends. */
async function flood (proxy: string, client: number): Promise<void> {
  const socket = connect(Number(new URL(proxy).port), '127.0.0.1')
  await once(socket, 'connect')
  const paths = Array.from({ length: requests }, (_, index) => `/${client}/${index}/${'x'.repeat(500 + index)}`)
  socket.write(paths.map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
  let text = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    if ((text.match(/HTTP\/1\.1 200/g)?.length ?? 0) === requests) break
  }
}

test('each line of four threads is whole, and goes on in a new file after the old one was moved', async t => {
  const { cwd, child, ended, line, proxy } = await launchGateway(t, `server: { host: 127.0.0.1, port: 0, threads: 4 }
admin: { enabled: false }
accessLog: { output: access.log }
routes: [{ path: /*, respond: {} }]
`)
  const file = join(cwd, 'access.log')
  const all = async (): Promise<void> => {
    await Promise.all(Array.from({ length: clients }, async (_, client) => await flood(proxy, client)))
  }
  await all()
  renameSync(file, `${file}.1`)
  child.kill('SIGHUP')
  await line('configuration reloaded')
  await all()
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  const seen = new Map<string, number>()
  for (const name of [`${file}.1`, file]) {
    const lines = readFileSync(name, 'utf8').split('\n')
    assert.equal(lines.pop(), '')
    assert.ok(lines.length >= clients * requests, `${name} has ${lines.length} lines`)
    for (const text of lines) {
      const { path } = JSON.parse(text) as { path: string }
      seen.set(path, (seen.get(path) ?? 0) + 1)
    }
  }
  assert.equal(seen.size, clients * requests)
  assert.ok([...seen.values()].every(times => times === 2))
})

test('a file that cannot be opened stops the start, at its place', async t => {
  const { ended, complaints } = launch(t, { 'gateway.yaml': `server: { host: 127.0.0.1, port: 0, threads: 2 }
admin: { port: 0 }
accessLog: { output: nowhere/access.log }
routes: [{ path: /*, respond: {} }]
` })
  assert.deepEqual(await ended, [1, null])
  assert.match(await complaints, /gateway\.yaml:3:22 {2}the file cannot be opened: ENOENT/)
})
