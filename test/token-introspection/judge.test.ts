/** What an introspection response must have to admit a client. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnswer, whyNot, type TokenDemands } from '../../plugins/policies/token-introspection/judge.ts'

const none: TokenDemands = { requiredClaims: [] }

for (const [what, answer, demands, why] of [
  ['active and nothing else', {}, {}, undefined],
  ['of the right issuer', { iss: 'a' }, { issuer: ['a', 'b'] }, undefined],
  ['of another issuer', { iss: 'c' }, { issuer: ['a', 'b'] }, /iss is not/],
  ['without an issuer where one is asked for', {}, { issuer: 'a' }, /iss is not/],
  ['of another issuer than the discovered', { iss: 'c' }, { discovery: 'a' }, /iss is not/],
  ['without an issuer where one was discovered', {}, { discovery: 'a' }, undefined],
  ['for several, among them the right one', { aud: ['x', 'orders'] }, { audience: 'orders' }, undefined],
  ['for others', { aud: 'x' }, { audience: ['orders'] }, /aud is not/],
  ['for nobody in particular', {}, { audience: 'orders' }, /aud is not/],
  ['without a required member', { sub: 'a' }, { requiredClaims: ['sub', 'exp'] }, /no exp/],
  ['with a required member that is null', { sub: null }, { requiredClaims: ['sub'] }, /no sub/],
  ['with a required member that only the prototype has', {}, { requiredClaims: ['constructor'] }, /no constructor/],
  ['of an issuer that is no text', { iss: 5 }, { issuer: '5' }, /iss is not/],
  ['not bound to a key, and says so', { cnf: null }, {}, undefined],
  ['a logout token', { typ: 'Logout' }, {}, /not an access token/],
  ['of type bearer in any case', { token_type: 'bEaReR' }, {}, undefined],
  ['of type DPoP', { token_type: 'DPoP' }, {}, /type "DPoP"/],
  ['bound to a certificate', { cnf: { 'x5t#S256': 'x' } }, {}, /bound to a key/],
  ['a refresh token', { typ: 'Refresh' }, {}, /not an access token/],
  ['an offline token', { typ: 'Offline' }, {}, /not an access token/],
  ['an identity token', { typ: 'ID' }, {}, /not an access token/],
  ['an access token of RFC 9068', { typ: 'at+jwt' }, {}, undefined]
] as const) {
  test(`a token that is ${what} is ${why === undefined ? 'let in' : 'refused'}`, () => {
    const found = whyNot({ active: true, ...answer }, { ...none, ...demands })
    if (why === undefined) assert.equal(found, undefined)
    else assert.match(found ?? '', why)
  })
}

test('an inactive token is refused whatever else is said of it', () => {
  assert.equal(whyNot({ active: false, exp: 4_000_000_000 }, none), 'the token is not active')
})

test('an issuer that refuses the gateway itself is told apart in the log from one that says nothing', () => {
  for (const status of [401, 403]) {
    assert.throws(
      () => readAnswer({ status, headers: {}, body: Buffer.from('{"active":true}') }),
      new RegExp(`refuses the gateway itself \\(${status}\\): see client`)
    )
  }
  for (const status of [201, 204, 302, 400, 404, 500]) {
    assert.throws(() => readAnswer({ status, headers: {}, body: Buffer.from('{"active":true}') }), new RegExp(`responded with ${status}$`))
  }
})
