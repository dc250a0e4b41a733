/** Upstreams of a gateway with four threads, over the wire: what they promise, they promise for all threads together. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { Agent, get, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { eventually } from '../helpers/eventually.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

const threads = 4

/** Ends every thread that has got a request, once there is a file. */
const plugin = `import { existsSync } from 'node:fs'
import { join } from 'node:path'
export default async app => {
  app.addHook('onRequest', async request => {
    if (request.headers['x-mortal'] === undefined) return
    setInterval(() => { if (existsSync(join(app.gateway.folder, 'die'))) process.exit(1) }, 5).unref()
  })
}`

/** Starts a request over a connection of its own. Resolves with the status, or with the code of the error. */
async function ask (url: string, headers: Record<string, string> = {}): Promise<number | string> {
  return await new Promise(resolve => {
    get(url, { agent: new Agent(), headers }, response => response.resume().on('end', () => resolve(response.statusCode!)))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!))
  })
}

async function askTimes (times: number, url: string): Promise<(number | string)[]> {
  return await Promise.all(Array.from({ length: times }, async () => await ask(url)))
}

suite('upstreams of four threads', () => {
  let running: TestGateway
  let [a, b, seldom]: TestTarget[] = []
  /** Responses of the target that holds its requests, and the most that it held at once. */
  const held: ServerResponse[] = []
  let mostHeld = 0
  let ill = false
  const ends: (() => unknown)[] = []
  const context = { after: (end: () => unknown) => { ends.unshift(end) } } as never

  const upstreams = async (): Promise<Record<string, { active: number, gates: Record<string, string> }>> => {
    const shown = await (await fetch(`${running.admin}/upstreams`)).json() as {
      name: string, targets: { active: number, gates: { gate: string, state: string }[] }[]
    }[]
    return Object.fromEntries(shown.map(({ name, targets: [target] }) => [name, {
      active: target!.active,
      gates: Object.fromEntries(target!.gates.map(({ gate, state }) => [gate, state]))
    }]))
  }

  before(async () => {
    a = await startTarget(context)
    b = await startTarget(context)
    const holding = await startTarget(context, (_request, response) => {
      held.push(response)
      mostHeld = Math.max(mostHeld, held.length)
    })
    const breaking = await startTarget(context, ({ url }, response) => {
      if (ill) response.writeHead(503).end()
      else if (url === '/health') response.end()
      else held.push(response)
    })
    seldom = await startTarget(context)
    running = await startGateway(context, `
server: { host: 127.0.0.1, port: 0, threads: ${threads} }
accessLog: { enabled: false }
policies: { mortal: { plugin: ./mortal.mjs } }
upstreams:
  both: { targets: ['${a.url}', '${b.url}'] }
  first: { targets: ['${a.url}'] }
  second: { targets: ['${b.url}'] }
  capped: { targets: ['${holding.url}'], connections: { max: 4, pending: 100 } }
  limited: { targets: ['${holding.url}'], adaptiveConcurrency: { initial: 3, min: 3, max: 3, shares: { normal: 0 } } }
  broken:
    targets: ['${breaking.url}']
    retry: { attempts: 1 }
    circuitBreaker: { failures: 3, openFor: 1h, maxOpenFor: 1h }
    healthChecks:
      active: { path: /health, interval: 100ms, timeout: 90ms, healthyAfter: 1, unhealthyAfter: 1 }
  seldom:
    targets: ['${seldom.url}']
    healthChecks: { active: { path: /health, interval: 100ms, timeout: 90ms, noTrafficInterval: 1h } }
routes:
  - { path: /seldom, upstream: seldom }
  - { path: /both, upstream: both }
  - { path: /split, split: [{ upstream: first, weight: 1 }, { upstream: second, weight: 3 }] }
  - { path: /capped, upstream: capped }
  - { path: /limited, upstream: limited, policies: [mortal] }
  - { path: /broken, upstream: broken }
`, { files: { 'mortal.mjs': plugin }, threaded: true })
  })

  after(async () => { for (const end of ends) await end() })

  test('targets get exactly their share, and parts of a split give or take one', async () => {
    await askTimes(40, `${running.url}/both`)
    assert.deepEqual([a!.hits.length, b!.hits.length], [20, 20])
    await askTimes(40, `${running.url}/split`)
    assert.ok(Math.abs(a!.hits.length - 20 - 10) <= 1, String(a!.hits.length))
    assert.equal(a!.hits.length + b!.hits.length, 80)
  })

  test('a target never has more requests at once than its connections', async () => {
    const asked = askTimes(40, `${running.url}/capped`)
    let served = 0
    while (served < 40) {
      await eventually(() => held.length > 0)
      for (const response of held.splice(0)) {
        response.end()
        served++
      }
    }
    assert.deepEqual(new Set(await asked), new Set([200]))
    assert.ok(mostHeld <= 4, String(mostHeld))
  })

  test('of fifty requests one reaches the target of a half-open breaker, and each change is told once', async () => {
    ill = true
    await eventually(async () => (await upstreams())['broken']!.gates['health-checks'] === 'unhealthy')
    assert.deepEqual(new Set(await askTimes(20, `${running.url}/broken`)), new Set([503]))
    assert.equal((await upstreams())['broken']!.gates['circuit-breaking'], 'open')
    ill = false
    await eventually(async () => (await upstreams())['broken']!.gates['circuit-breaking'] === 'half-open')
    const asked = Array.from({ length: 50 }, async () => await ask(`${running.url}/broken`))
    let refused = 0
    for (const one of asked) void one.then(status => { if (status === 503) refused++ })
    await eventually(() => refused === 49 && held.length > 0)
    assert.equal(held.length, 1)
    for (const response of held.splice(0)) response.end()
    await Promise.all(asked)
    assert.equal((await upstreams())['broken']!.gates['circuit-breaking'], 'closed')
    const events = await (await fetch(`${running.admin}/events`)).json() as { type: string }[]
    assert.deepEqual(events.map(({ type }) => type).filter(type => type.startsWith('circuit-')), [
      'circuit-opened', 'circuit-half-open', 'circuit-closed'
    ])
  })

  test('a request in any thread wakes the probes of an upstream that was not in use', async () => {
    const probes = (): number => seldom!.hits.filter(({ url }) => url === '/health').length
    await eventually(() => probes() > 0)
    const before = probes()
    await ask(`${running.url}/seldom`)
    await eventually(() => probes() > before)
  })

  test('what the requests of a thread had taken is free again when it has died', async () => {
    const asked = Array.from({ length: 3 }, async () => await ask(`${running.url}/limited`, { 'x-mortal': 'yes' }))
    await eventually(() => held.length === 3)
    assert.equal(await ask(`${running.url}/limited`), 503)
    writeFileSync(join(running.folder, 'die'), '')
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['ECONNRESET']))
    held.splice(0)
    await eventually(async () => (await upstreams())['limited']!.active === 0)
    const next = ask(`${running.url}/limited`)
    await eventually(() => held.length === 1)
    for (const response of held.splice(0)) response.end()
    assert.equal(await next, 200)
  })
})
