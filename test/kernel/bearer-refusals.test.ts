/** What a client is told whose bearer token is missing, invalid or lacks a scope (RFC 6750 §3). */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearerRefusals } from '../../src/identity/bearer-refusals.ts'

for (const [scopes, scope] of [[[], ''], [['a'], ', scope="a"'], [['a', 'b'], ', scope="a b"']] as const) {
  test(`the challenges of a policy with ${scopes.length} scopes`, () => {
    const refusal = bearerRefusals('door', scopes)
    const told = (['missing-token', 'invalid-token', 'insufficient-scope'] as const).map(code => {
      const { presented, error, why } = refusal(code, 'because')
      assert.deepEqual([why, (error.cause as Error).message], ['because', 'because'])
      return [error.code, error.statusCode, presented, error.headers?.['www-authenticate']]
    })
    assert.deepEqual(told, [
      ['missing-token', 401, false, 'Bearer realm="door"'],
      ['invalid-token', 401, true, 'Bearer realm="door", error="invalid_token"'],
      ['insufficient-scope', 403, true, `Bearer realm="door", error="insufficient_scope"${scope}`]
    ])
  })
}
