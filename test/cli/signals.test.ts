import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { begin } from '../helpers/client.ts'
import { holding } from '../helpers/holding.ts'
import { startTarget } from '../helpers/target.ts'
import { launch, launchGateway, launchInside, withFreePorts, type Running } from './running.ts'

/** An issuer that is asked for its keys at the start, and responds when it is told to. */
async function issuer (t: TestContext): Promise<{ yaml: string, asked: Promise<ServerResponse> }> {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>()
  const server = createServer((_request, response) => resolve(response))
  t.after(() => { server.close(); server.closeAllConnections() })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  return {
    asked,
    yaml: withFreePorts(`policies: { jwt: { plugin: jwt-auth, jwks: "${url}", issuer: a, audience: b } }
routes: [{ path: /*, respond: {}, policies: [jwt] }]
`)
  }
}

/** The process of the gateway where another one has started it. */
function childOf (pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
}

const signals = [['SIGTERM', 143], ['SIGINT', 130]] as const

suite('signals before the gateway serves', { concurrency: 2 }, () => {
  for (const [signal, status] of signals) {
    test(`${signal} ends the process at once, though an issuer does not respond`, async t => {
      const { yaml, asked } = await issuer(t)
      const { child, ended } = launch(t, { 'gateway.yaml': yaml })
      await asked
      child.kill(signal)
      assert.deepEqual(await ended, [status, null])
    })

    test(`${signal} to the first process of a container as well`, async t => {
      const { yaml, asked } = await issuer(t)
      const running = launchInside(t, ['unshare', '--pid', '--fork', '--kill-child'], { 'gateway.yaml': yaml })
      await Promise.race([asked, running.ended])
      if (running.child.exitCode !== null) {
        t.skip(await running.complaints)
        return
      }
      process.kill(childOf(running.child.pid!), signal)
      assert.deepEqual(await running.ended, [status, null])
    })
  }

  test('SIGHUP is one reload after it, however often it came', async t => {
    const { yaml, asked } = await issuer(t)
    const { child, line } = launch(t, { 'gateway.yaml': yaml })
    const response = await asked
    for (let times = 0; times < 3; times++) child.kill('SIGHUP')
    response.end('{"keys":[]}')
    await line('gateway started')
    const { trigger, generation } = await line('configuration reloaded')
    assert.deepEqual([trigger, generation], ['SIGHUP', 2])
  })

  test('a command that starts nothing ends as by the signal', async t => {
    const running: Running = launch(
      t,
      {
        'never.mjs': 'setInterval(() => {}, 1000)\nconsole.error("here")\nawait new Promise(() => {})',
        'gateway.yaml': withFreePorts('plugins: [./never.mjs]\nroutes: [{ path: /, respond: {} }]\n')
      },
      'check'
    )
    await once(running.child.stderr, 'data')
    running.child.kill('SIGTERM')
    assert.deepEqual(await running.ended, [143, null])
  })
})

test('SIGTERM does not wait for a reload whose plugin never loads', async t => {
  const { child, ended, rewrite, line } = await launchGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 1h } }\nadmin: { port: 0 }\nroutes: [{ path: /, respond: {} }]\n',
    { 'never.mjs': 'console.log(JSON.stringify({ msg: "loading" }))\nawait new Promise(() => {})\n' }
  )
  rewrite(withFreePorts('plugins: [./never.mjs]\nroutes: [{ path: /, respond: {} }]\n'))
  await line('loading')
  child.kill('SIGTERM')
  await line('shutdown complete')
  assert.deepEqual(await ended, [0, null])
})

test('requests that are cut have their lines before the process ends, and the status says so', async t => {
  const hold = holding()
  const target = await startTarget(t, hold.respond)
  const { child, proxy, line, ended } = await launchGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 100ms } }\nadmin: { port: 0 }\nroutes: [{ path: /*, target: ` +
      `"${target.url}" }]\n`
  )
  begin(proxy, '/hang').end()
  await hold.arrived
  child.kill('SIGTERM')
  const { level, code, fault, status, path } = await line('request completed')
  assert.deepEqual({ level, code, fault, status, path }, { level: 'error', code: 'shutdown', fault: 'gateway', status: 499, path: '/hang' })
  const { level: severity, cut } = await line('requests were cut')
  assert.deepEqual([severity, cut], ['warn', 1])
  await line('shutdown complete')
  assert.deepEqual(await ended, [3, null])
})
