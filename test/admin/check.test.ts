/** What a file may say about the admin listener: one that others can reach asks for a token. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAdmin } from '../../plugins/core/admin/check.ts'
import type { Config } from '../../src/config/types.ts'
import { defaultConfig } from '../helpers/config.ts'

function problems (admin: Partial<Config['admin']>): string[] {
  const found: string[] = []
  const config = defaultConfig()
  checkAdmin(
    { ...config, admin: { ...config.admin, ...admin } },
    ({ severity = 'error', pointer, message }) => found.push(`${severity} ${pointer} ${message}`)
  )
  return found
}

test('a listener that others can reach needs a token, and one on loopback does not', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.7', 'gateway.internal', '128.0.0.1']) {
    for (const token of [undefined, '']) {
      assert.match(
        problems({ host, token: token! }).join(),
        /^error \/admin\/host .*can be reached by others and needs admin\.token$/,
        host
      )
    }
    assert.deepEqual(problems({ host, token: 'a-token-of-enough-bytes' }), [])
  }
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) assert.deepEqual(problems({ host }), [], host)
})

test('a listener that is switched off needs none', () => {
  assert.deepEqual(problems({ host: '0.0.0.0', enabled: false }), [])
})

test('a token of fewer than 16 characters is warned of where others can try to guess it', () => {
  assert.match(problems({ host: '0.0.0.0', token: 'x'.repeat(15) }).join(), /^warning \/admin\/token .*short enough to be guessed/)
  assert.deepEqual(problems({ host: '0.0.0.0', token: 'x'.repeat(16) }), [])
  assert.deepEqual(problems({ token: 'short' }), [])
})

test('a token with white space in it, which no client could send, is refused', () => {
  for (const token of ['two words of a token', 'a-token-of-enough-bytes\n', 'a\tb']) {
    assert.match(problems({ token }).join(), /^error \/admin\/token a bearer token has no white space in it/)
  }
})
