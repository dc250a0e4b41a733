/** A user's verifier of bearer tokens: all it says is whether a token is good, and all else is as with the gateway's own. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { send } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { startProject } from './project.ts'

const wall = 1_800_000_000_000
const second = wall / 1000

/** Says of a token what it is called, and in every response how often it was asked. */
const verifier = `import { authentication, identityFieldNames, tokenAuthenticator, tokenAuthenticatorKeys, Type } from 'onedoor'
const tokens = Type.Record(Type.String(), Type.Object({}, { additionalProperties: true }))
export const config = {
  options: Type.Object({ tokens, ...tokenAuthenticatorKeys }, { additionalProperties: false }),
  sets: ({ identityHeaders }) => identityFieldNames(identityHeaders)
}
export const authenticator = (app, options) => tokenAuthenticator(app, options, {
  kind: 'names',
  create () {
    let asked = 0
    let aborted = 0
    return {
      async verify (token, signal) {
        asked++
        if (token === 'hangs') return await new Promise(() => {})
        if (token === 'waits') {
          return await new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => { aborted++; reject(signal.reason) })
          })
        }
        if (token === 'breaks') throw new Error('the vault at 10.0.0.9 has fallen over')
        const claims = options.tokens[token]
        return claims === undefined ? 'nobody is called ' + token : { ...claims, asked, aborted }
      }
    }
  }
})
export default authentication(authenticator)
`

interface Door extends TestGateway {
  readonly service: TestTarget
  /** What became of a request with this token: its status and code, or how often the verifier was asked and given up. */
  readonly ask: (token: string) => Promise<string>
}

async function open (t: TestContext, options: string, time = { now: 0 }): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startProject(t, `
policies: { names: { plugin: ./names.mjs, identityHeaders: { x-asked: asked, x-aborted: aborted }, ${options} } }
routes: [{ path: /*, target: "${service.url}", policies: [names] }]
`, { 'names.mjs': verifier }, { clock: { now: () => time.now, wall: () => wall + time.now } })
  const ask: Door['ask'] = async token => {
    const { status, text } = await send(gateway.url, '/', { headers: { authorization: `Bearer ${token}`, 'x-asked': '99' } })
    if (status !== 200) return `${status} ${(JSON.parse(text) as { code: string }).code}`
    const { headers } = service.hits.at(-1)!
    return `${String(headers['x-asked'])} asked, ${String(headers['x-aborted'])} given up`
  }
  return { ...gateway, service, ask }
}

test('S1-33 a verifier of the user is asked once for a token while its response holds, good or bad', async t => {
  const time = { now: 0 }
  const { ask } = await open(t, 'tokens: { ann: { sub: ann } }, cache: { ttl: 30s, negativeTtl: 10s }', time)
  assert.equal(await ask('ann'), '1 asked, 0 given up')
  assert.equal(await ask('eve'), '401 invalid-token')
  time.now = 9_999
  assert.deepEqual([await ask('ann'), await ask('eve')], ['1 asked, 0 given up', '401 invalid-token'])
  time.now = 30_000
  assert.equal(await ask('ann'), '3 asked, 0 given up')
})

test('S1-33 a verifier that exceeds its timeout ends the wait, heeds it the signal or not, and the client is not told why', async t => {
  const { ask, url, logged } = await open(t, 'tokens: { ann: { sub: ann } }, timeout: 50ms, breaker: { failures: 9 }')
  assert.equal(await ask('hangs'), '503 identity-unavailable')
  assert.equal(await ask('waits'), '503 identity-unavailable')
  assert.equal(await ask('ann'), '3 asked, 1 given up')
  const { text } = await send(url, '/', { headers: { authorization: 'Bearer breaks' } })
  assert.doesNotMatch(text, /vault|10\.0\.0\.9/)
  assert.match(
    JSON.stringify((await logged(({ msg, err }) => msg === 'request failed' && JSON.stringify(err).includes('vault')))['err']),
    /the vault at 10\.0\.0\.9 has fallen over/
  )
})

test('a verifier that fails time after time is left alone for a while', async t => {
  const time = { now: 0 }
  const { ask } = await open(t, 'tokens: { ann: { sub: ann } }, breaker: { failures: 2, openFor: 5s }', time)
  for (const token of ['breaks', 'breaks', 'ann']) assert.equal(await ask(token), '503 identity-unavailable')
  time.now = 5000
  assert.equal(await ask('ann'), '3 asked, 0 given up')
})

test('dates and scopes are looked at whatever the verifier says', async t => {
  const tokens = {
    good: { exp: second + 60, nbf: second, scope: 'read write' },
    expired: { exp: second, scope: 'read' },
    late: { exp: second - 4, scope: 'read' },
    early: { nbf: second + 6, scope: 'read' },
    text: { exp: String(second + 9), scope: 'read' },
    milliseconds: { exp: wall + 9, scope: 'read' },
    weak: { scope: 'write' }
  }
  const time = { now: 0 }
  const { ask } = await open(t, `tokens: ${JSON.stringify(tokens)}, scopes: [read], clockTolerance: 5s, cache: { ttl: 1h }`, time)
  const answers = await Promise.all(Object.keys(tokens).map(async name => [name, (await ask(name)).replace(/^\d asked.*/, '200')]))
  assert.deepEqual(Object.fromEntries(answers), {
    good: '200',
    expired: '200',
    late: '200',
    early: '401 invalid-token',
    text: '401 invalid-token',
    milliseconds: '401 invalid-token',
    weak: '403 insufficient-scope'
  })
  time.now = 5000
  assert.equal(await ask('expired'), '401 invalid-token')
  assert.match(await ask('good'), /asked/)
})

test('claims of a verifier cannot be changed later, because requests share them; it is closed once, with its policy', async t => {
  const service = await startTarget(t)
  const key = `closed-${Math.random()}`
  const files = {
    'closing.mjs': verifier.replace('return {\n', `return {\n      close () { globalThis['${key}'] = (globalThis['${key}'] ?? 0) + 1 },\n`),
    'tamper.mjs': `export default async app => {
      app.addHook("onRequest", async ({ claims }) => { try { claims.sub = "root"; claims.roles.push("admin") } catch {} })
    }`
  }
  const closed = () => (globalThis as Record<string, unknown>)[key]
  const yaml = (tokens: string): string => `
policies: { names: { plugin: ./closing.mjs, tokens: { ann: { sub: ann, roles: [a] } }${tokens} }, tamper: { plugin: ./tamper.mjs } }
routes: [{ path: /, target: "${service.url}", policies: [names, tamper],
  requestHeaders: { set: { x-seen: "\${claims.sub} \${claims.roles}" } } }]
`
  const { url, gateway, write } = await startProject(t, yaml(''), files)
  for (let n = 0; n < 2; n++) assert.equal((await send(url, '/', { headers: { authorization: 'Bearer ann' } })).status, 200)
  assert.deepEqual(service.hits.map(({ headers }) => headers['x-seen']), ['ann a', 'ann a'])
  write(yaml('') + '# the same\n')
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(closed(), undefined)
  write(yaml(', scopes: [read]'))
  assert.equal((await gateway.reload('test')).ok, true)
  while (closed() === undefined) await new Promise(setImmediate)
  assert.equal(closed(), 1)
})
