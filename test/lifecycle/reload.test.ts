import assert from 'node:assert/strict'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { startGateway, withPorts, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, freePort } from '../helpers/target.ts'

const fixed = (text: string): string => `routes: [{ path: /, respond: { text: ${text} } }]\n`
const reloaded = (line: Record<string, unknown>): boolean => line['msg'] === 'configuration reloaded'
const refused = (line: Record<string, unknown>): boolean => line['msg'] === 'invalid configuration, keeping the old one'
const body = async (url: string): Promise<string> => await (await fetch(url)).text()

test('S2-120 a saved file is live without a restart', async t => {
  const door = await startGateway(t, fixed('one'), { watch: true })
  assert.equal(await body(door.url), 'one')
  door.write(fixed('two'))
  await door.logged(reloaded)
  assert.equal(await body(door.url), 'two')
  assert.equal(door.gateway.generation, 2)
})

test('S2-121 a file that another one was renamed over is seen, whatever its time stamp', async t => {
  const door = await startGateway(t, fixed('one'), { watch: true })
  const next = join(door.folder, 'next')
  writeFileSync(next, withPorts(fixed('two')))
  renameSync(next, door.file)
  await door.logged(reloaded)
  assert.equal(await body(door.url), 'two')
})

test('a change of an included file is a change', async t => {
  const door = await startGateway(
    t,
    'include: more.yaml\nroutes: [{ path: /a, respond: { text: a } }]',
    { watch: true, files: { 'more.yaml': 'routes: [{ path: /b, respond: { text: one } }]\n' } }
  )
  assert.equal(await body(`${door.url}/b`), 'one')
  writeFileSync(join(door.folder, 'more.yaml'), 'routes: [{ path: /b, respond: { text: two } }]\n')
  await door.logged(reloaded)
  assert.equal(await body(`${door.url}/b`), 'two')
})

test('S2-123 S2-124 a broken file keeps the old configuration, is logged once, and is visible to operators', async t => {
  const door = await startGateway(t, fixed('one'), { watch: true })
  door.write('routes: [{ pth: /, respond: { text: two } }]\n')
  const line = await door.logged(refused)
  assert.match(String((line['problems'] as string[])[0]), /gateway\.yaml:\d+:\d+ {2}unknown key "pth" — did you mean "path"\?/)
  assert.equal(await body(door.url), 'one')
  const ready = await (await fetch(`${door.admin}/readyz?verbose`)).json() as {
    generation: number,
    lastReload: { ok: boolean, problems: string[] }
  }
  assert.equal(ready.generation, 1)
  assert.equal(ready.lastReload.ok, false)
  assert.match(ready.lastReload.problems[0]!, /unknown key "pth"/)
  assert.match(await body(`${door.admin}/metrics`), /^gateway_config_last_reload_successful 0$/m)
  door.write(fixed('three'))
  await door.logged(reloaded)
  assert.equal(door.logs.filter(refused).length, 1)
  assert.match(await body(`${door.admin}/metrics`), /^gateway_config_last_reload_successful 1$/m)
})

test('a hundred triggers at once become two reloads', async t => {
  const door = await startGateway(t, fixed('one'))
  const verdicts = await Promise.all(Array.from({ length: 100 }, async () => await door.gateway.reload('storm')))
  assert.ok(verdicts.every(({ ok }) => ok))
  assert.equal(door.gateway.generation, 3)
})

test('a file that vanishes keeps the old configuration', async t => {
  const door = await startGateway(t, fixed('one'))
  rmSync(door.file)
  const verdict = await door.gateway.reload('test')
  assert.equal(verdict.ok, false)
  assert.equal(await body(door.url), 'one')
})

test('POST /reload takes over, or responds with 422 and the problems', async t => {
  const door = await startGateway(t, fixed('one'))
  door.write(fixed('two'))
  const answer = await fetch(`${door.admin}/reload`, { method: 'POST' })
  assert.deepEqual([answer.status, await answer.json()], [200, { ok: true, problems: [] }])
  assert.equal(await body(door.url), 'two')
  door.write('routes: []\n')
  const bad = await fetch(`${door.admin}/reload`, { method: 'POST' })
  assert.equal(bad.status, 422)
  assert.match((await bad.json() as { problems: string[] }).problems.join(), /routes/)
})

test('S2-126 a request in flight finishes where it began, and new ones go to the new upstream', async t => {
  let release: (() => void) | undefined
  const arrived = new Promise<void>(resolve => { release = resolve })
  let finish: (() => void) | undefined
  const old = await startTarget(t, (_request, response) => { finish = () => response.end('old'); release!() })
  const next = await startTarget(t, (_request, response) => { response.end('new') })
  const yaml = (url: string): string => `routes: [{ path: /, target: "${url}" }]\n`
  const door = await startGateway(t, yaml(old.url))
  const slow = body(door.url)
  await arrived
  door.write(yaml(next.url))
  await door.gateway.reload('test')
  assert.equal(await body(door.url), 'new')
  finish!()
  assert.equal(await slow, 'old')
})

test('S2-128 limiter, breaker and balancer states outlive a reload that does not change them', async t => {
  const dead = `http://127.0.0.1:${await freePort()}`
  const [a, b] = [await startTarget(t), await startTarget(t)]
  const yaml = (extra: string): string => `
policies:
  few: { plugin: rate-limiting, limit: 2/h }
upstreams:
  broken: { targets: ["${dead}"], circuitBreaker: { failures: 2, openFor: 1h }, retry: { attempts: 1 } }
  pair: { targets: ["${a.url}", "${b.url}"], balance: round-robin }
routes:
  - { path: /few, respond: { text: ok }, policies: [few] }
  - { path: /broken, upstream: broken }
  - { path: /pair, upstream: pair }
${extra}`
  const door = await startGateway(t, yaml(''))
  const status = async (path: string): Promise<number> => (await fetch(door.url + path)).status
  assert.deepEqual([await status('/few'), await status('/few'), await status('/few')], [200, 200, 429])
  assert.deepEqual([await status('/broken'), await status('/broken'), await status('/broken')], [502, 502, 503])
  await status('/pair')
  door.write(yaml('  - { path: /more, respond: { text: more } }'))
  assert.equal((await door.gateway.reload('test')).ok, true)
  assert.equal(await status('/more'), 200)
  assert.equal(await status('/few'), 429)
  assert.equal(await status('/broken'), 503)
  await status('/pair')
  assert.deepEqual([a.hits.length, b.hits.length], [1, 1])
  door.write(yaml('').replace('2/h', '3/h'))
  await door.gateway.reload('test')
  assert.equal(await status('/few'), 200)
})

test('S2-129 what a running listener cannot change is named, and the rest takes over', async t => {
  const door = await startGateway(t, `server: { host: 127.0.0.1, port: 0 }\n${fixed('one')}`)
  door.write(`server: { host: 127.0.0.1, port: 0, limits: { headers: 64kib } }\n${fixed('two')}`)
  await door.gateway.reload('test')
  const line = await door.logged(entry => entry['msg'] === 'these keys take effect after a restart only')
  assert.deepEqual(line['keys'], ['server.limits.headers'])
  assert.equal(await body(door.url), 'two')
})

test('the log level changes without a restart', async t => {
  const door = await startGateway(t, `logging: { level: info }\n${fixed('one')}`)
  await body(door.url)
  await door.logged(line => line['msg'] === 'request completed')
  door.write(`logging: { level: error }\n${fixed('one')}`)
  await door.gateway.reload('test')
  const before = door.logs.length
  await body(door.url)
  assert.equal(door.logs.length, before)
})

test('S2-122 twenty reloads under load lose no request', async t => {
  const target = await startTarget(t, (_request, response, { body: sent }) => { setImmediate(() => response.end(`got ${sent.length}`)) })
  const yaml = (n: number): string => `upstreams: { u: { targets: ["${target.url}"] } }
routes:
  - { path: /*, upstream: u }
  - { path: /n, respond: { text: "${n}" } }
`
  const door = await startGateway(t, yaml(0))
  const load = startLoad(door)
  for (let n = 1; n <= 20; n++) {
    door.write(yaml(n))
    assert.equal((await door.gateway.reload('test')).ok, true)
    await load.served(10)
  }
  const { ok, failures } = await load.stop()
  assert.deepEqual(failures, [])
  assert.ok(ok >= 200)
  assert.equal(await body(`${door.url}/n`), '20')
})

/** Keep-alive and fresh connections, GET and POST, one after the other on eight lines. */
function startLoad ({ url }: TestGateway): { served (n: number): Promise<void>, stop (): Promise<{ ok: number, failures: string[] }> } {
  const agents = [new Agent({ keepAlive: true, maxSockets: 4 }), new Agent({ keepAlive: false })]
  const failures: string[] = []
  let ok = 0
  let running = true
  let wake: (() => void) | undefined
  const once = async (agent: Agent, size: number): Promise<void> => {
    await new Promise<void>(resolve => {
      const failed = (error: Error): void => { failures.push(error.message); resolve() }
      const sent = request(`${url}/x`, { agent, method: size === 0 ? 'GET' : 'POST' }, answer => {
        let text = ''
        answer.on('data', (chunk: Buffer) => { text += chunk.toString() })
        answer.on('error', failed)
        answer.on('end', () => {
          if (answer.statusCode === 200 && text === `got ${size}`) ok++
          else failures.push(`${answer.statusCode} ${text}`)
          wake?.()
          resolve()
        })
      })
      sent.on('error', failed)
      sent.end(Buffer.alloc(size, 'x'))
    })
  }
  const lines = Array.from({ length: 8 }, async (_, line) => { while (running) await once(agents[line % 2]!, line % 4 === 0 ? 5000 : 0) })
  return {
    served: async n => {
      const goal = ok + n
      while (ok < goal && failures.length === 0) await new Promise<void>(resolve => { wake = resolve })
    },
    stop: async () => {
      running = false
      await Promise.all(lines)
      for (const agent of agents) agent.destroy()
      return { ok, failures }
    }
  }
}
