/** What happens to the process of the gateway itself is not blamed on its targets: a pause, or a machine that has nothing left. */

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { launchGateway } from '../cli/running.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'

interface Shown {
  readonly targets: readonly {
    readonly open: boolean,
    readonly gates: readonly { readonly gate: string, readonly state: string, readonly why?: string }[]
  }[]
}

async function shown (admin: string): Promise<Shown['targets'][number]> {
  const [upstream] = await (await fetch(`${admin}/upstreams`)).json() as [Shown]
  return upstream.targets[0]!
}

test('a stop of the process is no silence of its targets: no 504, no open breaker', async t => {
  let asked = 0
  const target = await startTarget(t, (_request, response) => {
    asked++
    setTimeout(() => response.end('here'), 800)
  })
  const { child, proxy, admin } = await launchGateway(t, `
upstreams: { back: { targets: ['${target.url}'], timeouts: { response: 2s }, circuitBreaker: { failures: 5 } } }
routes: [{ path: '/*', upstream: back }]
`)
  const answers = Array.from({ length: 10 }, async () => (await send(proxy, '/')).status)
  while (asked < 10) await pause(5)
  child.kill('SIGSTOP')
  await pause(3000)
  child.kill('SIGCONT')
  assert.deepEqual(await Promise.all(answers), Array(10).fill(200))
  const { open, gates } = await shown(admin)
  assert.deepEqual(
    [open, gates.find(({ gate }) => gate === 'circuit-breaking')],
    [true, { gate: 'circuit-breaking', permits: true, state: 'closed' }]
  )
})

test('a connection for which no descriptor is left is a 503 out-of-resources, and no failure of the target', {
  skip: process.platform !== 'linux'
}, async t => {
  const target = await startTarget(t)
  const { child, proxy, admin } = await launchGateway(t, `
upstreams:
  back:
    targets: ['${target.url}']
    circuitBreaker: { failures: 1, openFor: 1h }
    healthChecks: { active: { interval: 100ms, timeout: 99ms, unhealthyAfter: 5 }, passive: { minRequests: 1 },
      whenNoneHealthy: fail-closed }
routes: [{ path: '/here', respond: { text: here } }, { path: '/*', upstream: back }]
`)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const ask = async (base: string, path: string): Promise<readonly [number, string]> => {
    const [response] = await once(get(base + path, { agent }), 'response')
    return [response.statusCode, Buffer.concat(await response.toArray()).toString()]
  }
  // Connections that are there already need no descriptor any more: one for questions, one for the admin listener.
  assert.equal((await ask(proxy, '/here'))[0], 200)
  assert.equal((await ask(admin, '/livez'))[0], 200)
  const limit = (soft: string): void => { execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${soft}:`]) }
  limit(String(readdirSync(`/proc/${child.pid}/fd`).filter(name => Number(name) <= 2).length))
  const [status, text] = await ask(proxy, '/any')
  assert.deepEqual([status, (JSON.parse(text) as { code: string }).code], [503, 'out-of-resources'])
  // Long enough for several probes, which cannot be sent either.
  await pause(1500)
  const [, upstreams] = await ask(admin, '/upstreams')
  const [{ targets: [seen] }] = JSON.parse(upstreams) as [{ targets: [{ open: boolean }] }]
  assert.equal(seen.open, true, upstreams)
  limit('1000')
  assert.equal((await ask(proxy, '/any'))[0], 200)
})
