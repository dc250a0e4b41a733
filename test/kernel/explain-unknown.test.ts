/** A rehearsal is never wrong about whether a request is admitted: what it cannot find out, it says. */

import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { wall } from '../jwt-auth/door.ts'
import { ed25519, good, p256, signed } from '../jwt-auth/keys.ts'

const yaml = (issuer: string): string => `
policies:
  keys: { plugin: jwt-auth, jwks: "${issuer}/keys", issuer: us, audience: shop, scopes: [read], identityHeaders: { x-user: sub } }
  opaque: { plugin: token-introspection, endpoint: "${issuer}/introspect", client: { id: a, secret: b }, cache: { ttl: 10s } }
  ask: { plugin: forward-auth, url: "${issuer}/ask", requestHeaders: [authorization], cache: { key: header:authorization, ttl: 10s } }
  either: { plugin: any-of, policies: [keys, opaque] }
  admins: { plugin: require-claims, claims: { role: admin } }
  perUser: { plugin: rate-limiting, limit: 3/10s, key: claim:sub }
  perClient: { plugin: rate-limiting, limit: 6/10s, key: ip }
  signed: { plugin: hmac-signature, secrets: [a secret that is long enough for this], header: x-signature }
routes:
  - { path: /keys, respond: {}, policies: [keys] }
  - { path: /opaque, respond: {}, policies: [opaque] }
  - { path: /ask, respond: {}, policies: [ask] }
  - { path: /either, respond: {}, policies: [either, perUser] }
  - { path: /admins, respond: {}, policies: [keys, admins] }
  - { path: /each, respond: {}, policies: [keys, perUser, perClient] }
  - { path: /both, respond: {}, policies: [opaque, admins, perUser] }
  - { path: /signed, respond: {}, policies: [signed] }
`

const claims = { ...good, iss: 'us', aud: 'shop', scope: 'read' }
const bodies = {
  admin: { ...claims, role: 'admin' },
  user: claims,
  expired: { ...claims, exp: wall / 1000 - 10 },
  early: { ...claims, nbf: wall / 1000 + 100 },
  issuer: { ...claims, iss: 'them' },
  audience: { ...claims, aud: ['bank'] },
  scope: { ...claims, scope: 'write' }
}

/** The issuer knows one key; a token names it, or another, and is signed with it, or with another. */
const tokens = fc.record({
  body: fc.constantFrom(...Object.keys(bodies) as (keyof typeof bodies)[]),
  kid: fc.constantFrom('e', 'e', 'new'),
  genuine: fc.constantFrom(true, true, false)
}).map(({ body, kid, genuine }) => genuine
  ? signed({ alg: 'EdDSA', kid }, bodies[body], ed25519.privateKey, null)
  : signed({ alg: 'ES256', kid }, bodies[body], p256.privateKey))

const credentials = fc.oneof(
  { weight: 5, arbitrary: tokens },
  { weight: 3, arbitrary: fc.constantFrom('active-1', 'active-2', 'inactive', 'admin') },
  { weight: 1, arbitrary: fc.constant(undefined) }
)

const requests = fc.record({
  path: fc.constantFrom('/keys', '/opaque', '/ask', '/either', '/admins', '/each', '/both', '/signed'),
  credential: credentials,
  ahead: fc.constantFrom(0, 0, 0, 500, 5000)
})

/** An issuer of keys and verdicts that publishes the key `new` after some time. */
async function startIssuer (t: TestContext): Promise<string> {
  const key = { ...createPublicKey(ed25519.publicKey).export({ format: 'jwk' }) }
  const issuer = await startTarget(t, ({ url }, response, { headers, body }) => {
    if (url === '/keys') response.end(JSON.stringify({ keys: [{ ...key, kid: 'e' }] }))
    else if (url === '/ask') {
      response.statusCode = headers.authorization?.includes('active') === true ? 200 : 403
      response.end()
    } else {
      const token = body.toString()
      const role = token.includes('admin') ? { role: 'admin' } : {}
      response.end(JSON.stringify({ active: /token=(active|admin)/.test(token), sub: 'ada', ...role }))
    }
  })
  return issuer.url
}

test('explain never says "allowed" where the gateway refuses, nor "refused" where it allows', async t => {
  const issuer = await startIssuer(t)
  let cases = 0
  let unknown = 0
  await fc.assert(fc.asyncProperty(fc.array(requests, { minLength: 95, maxLength: 100, size: 'max' }), async steps => {
    const time = { now: 0 }
    const { url, gateway } = await startGateway(t, yaml(issuer), { clock: { now: () => time.now, wall: () => wall } })
    for (const { path, credential, ahead } of steps) {
      time.now += ahead
      const headers = credential === undefined ? {} : { authorization: `Bearer ${credential}`, 'x-signature': 'ab'.repeat(32) }
      const foreseen = await gateway.explain({ method: 'POST', url: path, headers })
      const { status } = await send(url, path, { method: 'POST', headers })
      cases++
      if (foreseen.unknown.length > 0) unknown++
      // A token whose key is not known is refused for its claims, and by the gateway perhaps for its signature: the status may be another.
      else assert.equal(foreseen.outcome.status < 400, status < 400, JSON.stringify(foreseen.decisions))
    }
    await gateway.close(0)
  }), { numRuns: 11, endOnFailure: true })
  t.diagnostic(`${cases} requests, of which the outcome of ${unknown} was unknown`)
  assert.ok(cases >= 1000, String(cases))
  assert.ok(unknown > 0 && unknown < cases * 0.75, String(unknown))
})
