/** What is certain about a token whose key is not known. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readUnverified, whyNever } from '../../plugins/policies/jwt-auth/unverified.ts'
import { segment } from './keys.ts'

const options = { issuer: ['us', 'we'], audience: 'shop', requiredClaims: ['sub'], clockTolerance: 0 }
const good = { iss: 'we', aud: ['bank', 'shop'], sub: 'ann', exp: 10 }

test('claims that no key can make valid are refused, all others may be valid', () => {
  const why = (claims: object): string | undefined => whyNever({ ...good, ...claims }, options, 5000)
  assert.equal(why({}), undefined)
  assert.equal(why({ aud: 'shop' }), undefined)
  assert.equal(why({ iss: 'them' }), 'its issuer is another')
  assert.equal(why({ iss: ['us'] }), 'its issuer is another')
  assert.equal(why({ aud: 'bank' }), 'it is for another audience')
  assert.equal(why({ exp: 5 }), 'expired')
  assert.equal(whyNever({ sub: undefined, iss: 'any' }, { requiredClaims: ['sub'], clockTolerance: 0 }, 0), undefined)
  assert.equal(whyNever({}, { ...options, requiredClaims: ['sub'] }, 0), 'it has no claim sub')
  assert.equal(whyNever({}, { ...options, requiredClaims: [] }, 0), 'its issuer is another')
})

test('what is no object of claims cannot be read', () => {
  assert.deepEqual(readUnverified(`x.${segment(good)}.x`), good)
  for (const payload of ['1', '[]', 'null', '{', '"x"']) assert.equal(readUnverified(`x.${segment(payload)}.x`), undefined, payload)
  assert.equal(readUnverified('x'), undefined)
})
