/** What outlives a generation keeps nothing of it: whatever a file uses, a generation that has ended can be collected. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { suite, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { hashPassword } from '../../src/identity/password-hash.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const secret = '0123456789abcdef0123456789abcdef0123456789'
const hash = await hashPassword('password', Buffer.alloc(16))

const upstream = (keys: string) => (url: string): string => `upstreams: { a: { targets: ["${url}"], ${keys} } }\nroutes: [{ path: /, upstream: a }]`
const target = (keys: string): string => `upstreams: { a: { targets: [${keys}] } }\nroutes: [{ path: /, upstream: a }]`
const policy = (keys: (url: string) => string) => (url: string): string => `policies: { p: { ${keys(url)} } }\nroutes: [{ path: /, respond: {}, policies: [p] }]`

const features: Readonly<Record<string, (url: string) => string>> = {
  'a target': upstream(''),
  'round-robin': upstream('balance: round-robin'),
  'weighted-round-robin': upstream('balance: weighted-round-robin'),
  'power-of-two': upstream('balance: power-of-two'),
  retries: upstream('retry: { attempts: 2 }'),
  split: url => `upstreams: { a: { targets: ["${url}"] }, b: { targets: ["${url}"] } }\nroutes: [{ path: /, split: [{ upstream: a, weight: 1 }, { upstream: b, weight: 1 }] }]`,
  'circuit breakers': upstream('circuitBreaker: {}'),
  'active checks': upstream('healthChecks: { active: { path: /, interval: 100ms, timeout: 50ms } }'),
  'passive checks': upstream('healthChecks: { passive: {} }'),
  outliers: upstream('healthChecks: { outliers: {} }'),
  'adaptive concurrency': upstream('adaptiveConcurrency: {}'),
  overload: () => 'overload: {}\nroutes: [{ path: /, respond: {} }]',
  'a file of targets': () => target('{ file: ./targets.yaml }'),
  'targets by DNS': () => target('{ dns: "http://localhost:80" }'),
  'published keys': policy(url => `plugin: jwt-auth, jwks: "${url}/k", issuer: a, audience: b`),
  'a secret for tokens': policy(() => `plugin: jwt-auth, secret: "${secret}", issuer: a, audience: b`),
  introspection: policy(url => `plugin: token-introspection, endpoint: "${url}/i", client: { id: a, secret: abcdefgh }`),
  'forward-auth': policy(url => `plugin: forward-auth, url: "${url}/i"`),
  'a limit': policy(() => 'plugin: rate-limiting, limit: 5/s'),
  'a limit through Redis': policy(() => 'plugin: rate-limiting, limit: 5/s, store: { redis: "redis://127.0.0.1:1" }'),
  'a file of keys': policy(() => 'plugin: api-key, file: ./keys.yaml'),
  'a file of users': policy(() => 'plugin: basic-auth, file: ./users.yaml'),
  'identity tokens': policy(() => `plugin: identity-token, secret: "${secret}", issuer: a`),
  'an access log': () => 'accessLog: { output: ./access.log }\nroutes: [{ path: /, respond: {} }]',
  tracing: url => `tracing: { endpoint: "${url}" }\nroutes: [{ path: /, respond: {} }]`
}

suite('an ended generation is collected', () => {
  for (const [feature, yaml] of Object.entries(features)) {
    test(`with ${feature}`, async t => {
      const { url } = await startService(t, (_request, response) => { response.setHeader('content-type', 'application/json').end('{"keys":[]}') })
      const files = {
        'seen.mjs': 'export default async function ({ gateway }) { if (!gateway.rehearsal) gateway.env.seen(gateway) }\n',
        'targets.yaml': `targets: ["${url}"]\n`,
        'keys.yaml': `keys: [{ consumer: a, hash: "sha256:${'a'.repeat(64)}" }]\n`,
        'users.yaml': `users: { a: "${hash}" }\n`
      }
      let first: WeakRef<object> | undefined
      const seen = (gateway: object): void => { first ??= new WeakRef(gateway) }
      const door = await startGateway(t, `plugins: [./seen.mjs]\n${yaml(url)}`, { files, env: { seen: seen as never } })
      // Something else in it, or its validated form might be shared.
      writeFileSync(join(door.folder, 'gateway.yaml'), `server: { host: 127.0.0.1, port: 0, requireAuth: false }\nadmin: { port: 0 }\nplugins: [./seen.mjs]\n${yaml(url)}`)
      for (let reloads = 0; reloads < 2; reloads++) assert.deepEqual(await door.gateway.reload('test'), { ok: true, problems: [] })
      for (let tries = 0; first!.deref() !== undefined && tries < 100; tries++) {
        await pause(10)
        collect()
      }
      assert.equal(first!.deref(), undefined)
    })
  }
})
