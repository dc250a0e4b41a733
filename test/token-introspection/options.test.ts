/** Problems in the options of token-introspection are reported at their places. */

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import {
  checkIntrospectionOptions,
  IntrospectionOptionsSchema,
  type IntrospectionOptions
} from '../../plugins/policies/token-introspection/options.ts'
import { validate } from '../../src/config/check/validate.ts'

function problems (written: object): string[] {
  const { value, problems: found } = validate(IntrospectionOptionsSchema, written)
  const seen = found.map(({ pointer, message }) => `${pointer} ${message}`)
  if (seen.length === 0) {
    checkIntrospectionOptions(
      value as IntrospectionOptions,
      ({ pointer, message, severity }) => { seen.push(`${severity === 'warning' ? '! ' : ''}${pointer} ${message}`) }
    )
  }
  return seen
}

const client = { id: 'door', secret: 's' }
const endpoint = 'https://login.example.com/introspect'
const p256 = String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }))

test('without options a token is forwarded, good responses are kept for 30 s, and an unavailable service refuses', () => {
  const { value } = validate(IntrospectionOptionsSchema, { endpoint, client })
  const { forwardToken, clockTolerance, scopes, whenUnavailable, cache } = value as IntrospectionOptions
  assert.deepEqual({ forwardToken, clockTolerance, scopes, whenUnavailable, cache }, {
    forwardToken: true,
    clockTolerance: 0,
    scopes: [],
    whenUnavailable: 'refuse',
    cache: { ttl: 30_000, negativeTtl: 10_000, maximum: 10_000, staleFor: 300_000 }
  })
})

for (const [what, written, expected] of [
  ['an unknown key of the cache', { endpoint, client, cache: { tll: '1s' } }, /^\/cache\/tll .*tll/],
  ['an endpoint and a secret are enough', { endpoint, client }, undefined],
  [
    'an issuer and a key are enough',
    { discovery: 'https://login.example.com', client: { id: 'door', authentication: 'private_key_jwt', privateKey: p256 } },
    undefined
  ],
  ['nothing to ask', { client }, / needs something to ask: endpoint or discovery/],
  ['both', { endpoint, discovery: 'https://login.example.com', client }, /^\/discovery cannot stand beside endpoint/],
  ['no client', { endpoint }, /client/],
  ['no secret', { endpoint, client: { id: 'door' } }, /^\/client authentication basic needs a secret/],
  [
    'no key',
    { endpoint, client: { id: 'door', authentication: 'private_key_jwt' } },
    /^\/client authentication private_key_jwt needs a privateKey/
  ],
  [
    'a secret beside a key',
    { endpoint, client: { id: 'door', authentication: 'private_key_jwt', secret: 's', privateKey: p256 } },
    /^\/client\/secret is for/
  ],
  [
    'a key that is none',
    { endpoint, client: { id: 'door', authentication: 'private_key_jwt', privateKey: 'x' } },
    /^\/client\/privateKey must be a private key/
  ],
  [
    'a key that does not fit',
    { endpoint, client: { id: 'door', authentication: 'private_key_jwt', privateKey: p256, algorithm: 'RS256' } },
    /^\/client\/privateKey must be .* RS256/
  ],
  ['a key of basic', { endpoint, client: { ...client, keyId: 'k' } }, /^\/client\/keyId is for/],
  ['an audience of basic', { endpoint, client: { ...client, audience: 'a' } }, /^\/client\/audience is for/],
  [
    'a key and an algorithm of post',
    { endpoint, client: { ...client, authentication: 'post', privateKey: p256, algorithm: 'ES256' } },
    /^\/client\/privateKey is for.*\n\/client\/algorithm is for/
  ],
  ['an issuer without encryption', { discovery: 'http://login.example.com', client }, /^! \/discovery .*unencrypted/],
  ['an endpoint that is no URL', { endpoint: 'login.example.com', client }, /^\/endpoint must be an absolute http: or https: URL/],
  ['a password in the endpoint', { endpoint: 'https://a:b@login.example.com', client }, /^\/endpoint must not have a user/],
  ['an endpoint without encryption', { endpoint: 'http://login.example.com', client }, /^! \/endpoint .*unencrypted/],
  ['an endpoint on this machine', { endpoint: 'http://127.0.0.1:8081', client }, undefined],
  [
    'a field that has another meaning',
    { endpoint, client, identityHeaders: { host: 'sub' } },
    /^\/identityHeaders\/host must not be "host"/
  ],
  ['a scope with a space', { endpoint, client, scopes: ['a b'] }, /^\/scopes\/0 /]
] as const) {
  test(`${what}: ${expected === undefined ? 'nothing to say' : 'said at its place'}`, () => {
    const found = problems(written)
    if (expected === undefined) assert.deepEqual(found, [])
    else assert.match(found.join('\n'), expected)
  })
}
