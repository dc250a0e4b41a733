/** A stop of the process is no silence of those that it asks: identity services, Redis, the targets of its probes. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { launchGateway } from '../cli/running.ts'
import { send } from '../helpers/client.ts'
import { startRedis } from '../helpers/redis.ts'
import { startRawTarget, startTarget, type Respond } from '../helpers/target.ts'

/** Longer than every timeout in this file. */
const stop = 2200

/** A service that responds when it is let, and tells when it has been asked. */
async function heldService (t: TestContext, answer: Respond) {
  const held: (() => void)[] = []
  const state = { holding: false, asked: Promise.withResolvers<void>() }
  const target = await startTarget(t, (request, response, hit) => {
    if (!state.holding) return answer(request, response, hit)
    held.push(() => answer(request, response, hit))
    state.asked.resolve()
  })
  return { url: target.url, port: target.port, state, release: () => { for (const answer of held.splice(0)) answer() } }
}

/** A way to Redis whose responses are held back. */
async function heldRedis (t: TestContext) {
  const redis = await startRedis(t)
  const held: (() => void)[] = []
  const state = { holding: false, asked: Promise.withResolvers<void>() }
  const way = await startRawTarget(t, socket => {
    const server = connect(redis.url.replace('unix://', ''))
    socket.on('data', chunk => {
      if (state.holding && chunk.includes('1.2.3.4')) state.asked.resolve()
      server.write(chunk)
    })
    server.on('data', chunk => state.holding ? held.push(() => socket.write(chunk)) : socket.write(chunk))
    socket.on('close', () => server.destroy())
    server.on('error', () => {})
  })
  return { url: `redis://127.0.0.1:${way.port}`, state, release: () => { for (const answer of held.splice(0)) answer() } }
}

test('what has been asked before a stop and answered during it counts as answered', { skip: process.platform === 'win32' }, async t => {
  const guard = await heldService(t, (_request, response) => response.end())
  const issuer = await heldService(t, (_request, response) => response.end('{"active":true}'))
  const probed = await heldService(t, (_request, response) => response.end())
  const store = await heldRedis(t)
  const { child, proxy, admin } = await launchGateway(t, `
upstreams:
  back: { targets: ["${probed.url}"], healthChecks: { whenNoneHealthy: fail-closed,
    active: { path: /health, interval: 2100ms, timeout: 2s, unhealthyAfter: 1, jitter: 0 } } }
policies:
  session: { plugin: forward-auth, url: "${guard.url}", timeout: 2s, breaker: { failures: 1, openFor: 1h } }
  token: { plugin: token-introspection, endpoint: "${issuer.url}", client: { id: a, secret: b }, timeout: 2s,
    breaker: { failures: 1, openFor: 1h }, cache: { ttl: 0s } }
  limit: { plugin: rate-limiting, limit: 1000/s, key: "header:x-key",
    store: { redis: "${store.url}", timeout: 2s, whenUnavailable: refuse, lease: 0s } }
routes:
  - { path: /session, respond: { text: in }, policies: [session] }
  - { path: /token, respond: { text: in }, policies: [token] }
  - { path: /limit, respond: { text: in }, policies: [limit] }
  - { path: /back, upstream: back }
`)
  const ask = async (): Promise<number[]> => await Promise.all([
    'session',
    'token',
    'limit'
  ].map(async path => (await send(proxy, `/${path}`, { headers: { authorization: 'Bearer x', 'x-key': '1.2.3.4' } })).status))
  assert.deepEqual(await ask(), [200, 200, 200])
  const all = [guard, issuer, probed, store]
  probed.state.holding = true
  await probed.state.asked.promise
  // Only now: the gateway also asks Redis by itself, and a store that is silent for its timeout is not asked for a request.
  for (const { state } of all) state.holding = true
  const answers = ask()
  await Promise.all([guard, issuer, store].map(async ({ state }) => await state.asked.promise))
  child.kill('SIGSTOP')
  for (const { state, release } of all) {
    state.holding = false
    release()
  }
  await pause(stop)
  child.kill('SIGCONT')
  assert.deepEqual(await answers, [200, 200, 200])
  assert.deepEqual(await ask(), [200, 200, 200])
  assert.equal((await send(proxy, '/back')).status, 200)
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  assert.doesNotMatch(metrics, /gateway_health_transitions_total\{[^}]*to="unhealthy"[^}]*\} [1-9]/)
  child.kill('SIGKILL')
  await once(child, 'exit')
})
