/** When a token holds: NumericDates in seconds, with fractions where the issuer has them (RFC 7519 §2). */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freezeClaims, lackingScope, whyNotNow } from '../../src/identity/claims.ts'

const wall = 1_895_927_000_500

for (const [claims, tolerance, expected] of [
  [{ exp: 1_895_927_000.501 }, 0, undefined],
  [{ exp: 1_895_927_000.5 }, 0, 'expired'],
  [{ exp: 1_895_927_000 }, 0, 'expired'],
  [{ exp: 1_895_927_000 }, 501, undefined],
  [{ exp: 1_895_927_001 }, 0, undefined],
  [{ nbf: 1_895_927_000.5 }, 0, undefined],
  [{ nbf: 1_895_927_000.501 }, 0, 'not yet valid'],
  [{ nbf: 1_895_927_000.501 }, 1, undefined],
  [{ exp: 1.895927001e9, nbf: 0.5, iat: 1_895_927_000.123456 }, 0, undefined],
  [{ iat: -0.5, exp: 253_402_300_799 }, 0, undefined],
  [{ exp: 253_402_300_799.5 }, 0, 'exp is not a date in seconds'],
  ...[
    '1895927001', true, null, [1_895_927_001], {}, NaN, Infinity, 1_895_927_001_000, undefined
  ].map(exp => [{ exp }, 0, 'exp is not a date in seconds'] as const),
  [{ nbf: 'soon' }, 0, 'nbf is not a date in seconds'],
  [{ iat: null }, 0, 'iat is not a date in seconds']
] as const) {
  test(
    `${JSON.stringify(claims)} within ${tolerance} ms: ${expected ?? 'holds'}`,
    () => assert.equal(whyNotNow(claims, wall, tolerance), expected)
  )
}

test('scopes are the words of scope, scp and permissions, as text or as a list, together', () => {
  for (const claims of [
    { scope: 'a b' },
    { scope: ['a', 'b'] },
    { scp: 'b a' },
    { scp: ['a', 'b'] },
    { permissions: ['b', 'a'] },
    { scope: 'a', scp: ['b'] },
    { scope: '', scp: 'a', permissions: ['b', 5, null] },
    { scope: 'c  a', permissions: 'b' }
  ]) {
    assert.equal(lackingScope(claims, ['a', 'b']), undefined, JSON.stringify(claims))
  }
  for (const claims of [
    {}, { scope: 'b' }, { scope: 'A' }, { scope: 'a,b' }, { scope: { a: true } }, { scopes: 'a' }, { scope: 'aa' },
    Object.create({ scope: 'a' }) as object
  ]) assert.equal(lackingScope(claims as never, ['b', 'a'].slice(1)), 'a', JSON.stringify(claims))
  assert.equal(lackingScope({}, []), undefined)
})

test('claims are frozen all through, however deep', () => {
  let nested: unknown = 'end'
  for (let n = 0; n < 20_000; n++) nested = n % 2 === 0 ? { nested } : [nested]
  const claims = freezeClaims({ a: { b: [{ c: 1 }] }, nested, none: null }) as { a: { b: { c: number }[] } }
  for (const part of [claims, claims.a, claims.a.b, claims.a.b[0]]) assert.ok(Object.isFrozen(part))
})
