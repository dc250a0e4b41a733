import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const launcher = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

/** Runs the program itself on a file. */
function run (t: TestContext, yaml: string) {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, yaml)
  const child = spawn(process.execPath, [launcher, '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  const stderr: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  return {
    child,
    ended: once(child, 'close') as Promise<[number | null]>,
    lines: createInterface({ input: child.stdout }),
    said: () => Buffer.concat(stderr).toString()
  }
}

test('S2-155 S2-158 S2-159 SIGTERM ends the process with 0, after the request in flight and every log line, in order', async t => {
  const arrived = Promise.withResolvers<ServerResponse>()
  const service = await startTarget(t, (_request, response) => { arrived.resolve(response) })
  const { child, lines, ended } = run(t, `
server: { host: 127.0.0.1, port: 0 }
admin: { port: 0 }
logging: { format: json }
routes: [{ path: /, target: ${service.url} }]
`)
  const messages: string[] = []
  const draining = Promise.withResolvers<void>()
  const started = Promise.withResolvers<string>()
  lines.on('line', text => {
    const line = JSON.parse(text) as { msg: string, proxy?: string }
    messages.push(line.msg)
    if (line.proxy !== undefined) started.resolve(line.proxy)
    if (line.msg === 'draining connections') draining.resolve()
  })
  const outgoing = begin(await started.promise, '/').end()
  const response = await arrived.promise
  child.kill('SIGTERM')
  await draining.promise
  response.end('finished')
  assert.equal((await readWhole(await headOf(outgoing))).text, 'finished')
  assert.deepEqual((await ended)[0], 0)
  assert.deepEqual(
    messages,
    ['gateway started', 'shutdown signal received', 'draining connections', 'request completed', 'shutdown complete']
  )
})

test('S2-127 a file that is wrong from the start ends the process with its own status and the place of the problem', async t => {
  const { ended, said } = run(t, 'routes:\n  - { path: / }\n')
  assert.equal((await ended)[0], 1)
  assert.match(said(), /gateway\.yaml:2:5 {2}nothing serves this route/)
})

test('S2-154 what plugins opened is closed after the last request, and one that fails does not keep the others open', async t => {
  const { gateway, logs } = await startGateway(t, 'plugins: [./one.mjs, ./two.mjs]\nroutes: [{ path: /, respond: {} }]', {
    files: {
      'one.mjs': 'export default async app => { app.addHook("onClose", async () => { app.log.info("closed one") }) }',
      'two.mjs': `export default async app => {
        app.addHook("onClose", async () => { app.log.info("closed two"); throw new Error("stuck") })
      }`
    }
  })
  await gateway.close(0)
  const messages = logs.map(({ msg }) => msg)
  for (const message of ['closed one', 'closed two', 'error closing resource']) assert.ok(messages.includes(message), message)
})

test('S2-160 gateways that are restarted one by one behind a balancer cost no request', async t => {
  const start = async (port: number) => await startGateway(
    t,
    `server: { host: 127.0.0.1, port: ${port} }\nroutes: [{ path: /, respond: {} }]`
  )
  let [a, b] = [await start(0), await start(0)]
  const front = await startGateway(
    t,
    `upstreams: { gateways: { targets: [${a.url}, ${b.url}] } }\nroutes: [{ path: /, upstream: gateways }]`
  )
  const statuses = new Set<number>()
  let restarting = true
  const traffic = (async () => {
    while (restarting) {
      statuses.add((await send(front.url, '/')).status)
      await pause(5)
    }
  })()
  for (const _ of [1, 2]) {
    const port = Number(new URL(a.url).port)
    await a.gateway.shutdown()
    ;[a, b] = [b, await start(port)]
    // The next one goes when this one is seen to serve, as an orchestrator would have it.
    await b.logged(({ msg }) => msg === 'request completed')
  }
  assert.notEqual(a.url, b.url)
  restarting = false
  await traffic
  assert.deepEqual([...statuses], [200])
})
