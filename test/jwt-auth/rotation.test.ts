/**
 * What a gateway with published keys does while its issuer rotates them, while strangers make up names of
 * keys, and while the issuer is away.
 */

import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { Agent, request } from 'node:http'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { wall } from './door.ts'
import { good, p256, signed } from './keys.ts'

const ec = (): string => generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' }
}).privateKey

const jwk = (
  privateKey: string,
  kid: string
): object => ({ ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' })

let made = 0
/** Each is another one, so that none is remembered. */
const sign = (kid: string, privateKey: string): string => signed({ alg: 'ES256', kid }, { ...good, jti: made++ }, privateKey)

interface Door {
  /** Sends a token over a connection that is kept. */
  readonly ask: (token: string) => Promise<number>
  /** Lets time pass for the gateway. */
  readonly pass: (milliseconds: number) => void
}

async function open (t: TestContext, jwks: string): Promise<Door> {
  const service = await startTarget(t, (_request, response) => { response.end() })
  let later = 0
  const { url } = await startGateway(t, `
policies: { login: { plugin: jwt-auth, jwks: "${jwks}" } }
routes: [{ path: '/*', target: "${service.url}", policies: [login] }]
`, { clock: { now: () => performance.now() + later, wall: () => wall } })
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.after(() => { agent.destroy() })
  const ask: Door['ask'] = async token => await new Promise((resolve, reject) => {
    request(url, { agent, headers: { authorization: `Bearer ${token}` } }, response => {
      response.resume().once('end', () => resolve(response.statusCode!))
    }).once('error', reject).end()
  })
  return { ask, pass: milliseconds => { later += milliseconds } }
}

test('S1-28 an issuer rotates its keys six times within one cool-down under load, and no valid token is refused', async t => {
  let privateKey = ec()
  let kid = 'k0'
  let keys = [jwk(privateKey, kid)]
  const issuer = await startTarget(t, (_request, response) => { response.end(JSON.stringify({ keys })) })
  const { ask, pass } = await open(t, `${issuer.url}/keys`)
  const statuses = new Map<number, number>()
  let asked = 0
  await Promise.all(Array.from({ length: 20 }, async () => {
    while (asked < 600) {
      if (++asked % 100 === 0) {
        privateKey = ec()
        kid = `k${asked / 100}`
        keys = [keys.at(-1)!, jwk(privateKey, kid)]
        pass(1000)
      }
      const status = await ask(sign(kid, privateKey))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }))
  assert.deepEqual([...statuses.keys()], [200])
  assert.equal(issuer.hits.length, 7)
})

test('S1-28 a thousand tokens with made-up names of keys are one fetch, and good ones beside them are let in', async t => {
  const [own, strange] = [ec(), p256.privateKey]
  const issuer = await startTarget(t, (_request, response) => { response.end(JSON.stringify({ keys: [jwk(own, 'own')] })) })
  const { ask } = await open(t, `${issuer.url}/keys`)
  let asked = 0
  await Promise.all(Array.from({ length: 20 }, async () => {
    while (asked < 1000) {
      const index = asked++
      assert.equal(await ask(sign(`made up ${index}`, strange)), 401)
      if (index % 5 === 0) assert.equal(await ask(sign('own', own)), 200)
    }
  }))
  assert.equal(issuer.hits.length, 2)
})

test('S1-28 while the issuer is unreachable its last keys still work, then a 503 follows, until the issuer is back', async t => {
  const privateKey = ec()
  let well = true
  const issuer = await startTarget(
    t,
    (_request, response) => { response.writeHead(well ? 200 : 500).end(JSON.stringify({ keys: [jwk(privateKey, 'own')] })) }
  )
  const { ask, pass } = await open(t, `${issuer.url}/keys`)
  const remembered = sign('own', privateKey)
  assert.equal(await ask(remembered), 200)
  well = false
  pass(24 * 3_600_000 + 500_000)
  for (const token of [remembered, sign('own', privateKey)]) assert.equal(await ask(token), 200)
  assert.equal(await ask(sign('new', privateKey)), 401)
  pass(100_000)
  for (const token of [remembered, sign('own', privateKey)]) assert.equal(await ask(token), 503)
  well = true
  pass(5000)
  for (const token of [remembered, sign('own', privateKey)]) assert.equal(await ask(token), 200)
})
