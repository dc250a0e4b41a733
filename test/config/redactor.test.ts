import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Redactor, redactorOf } from '../../src/config/show/redactor.ts'
import { read } from './reading.ts'

const secretFile = { 'gateway.yaml': 'a: "Bearer ${file:token}"\n', token: 'line one\nline "two"\n' }

test('a secret is taken out of a longer text, of JSON and of data, with as many stars in a source', (t) => {
  const { document } = read(t, secretFile)
  const redactor = redactorOf(document!, [])
  const secret = 'line one\nline "two"'
  assert.equal(redactor.text(`x ${secret} y`), 'x [redacted] y')
  assert.deepEqual(JSON.parse(redactor.text(JSON.stringify({ a: `Bearer ${secret}` }))), { a: 'Bearer [redacted]' })
  assert.deepEqual(
    redactor.data({ [secret]: [secret, 1, null, { b: secret }] }),
    { '[redacted]': ['[redacted]', 1, null, { b: '[redacted]' }] }
  )
  assert.equal(redactor.source(() => `a ${secret} b`)('x'), `a ${'*'.repeat(secret.length)} b`)
})

test('of a variable its length and its name decide; of a default and of a name nothing is a secret', (t) => {
  const yaml = [
    'a: "${LONG_ONE}"', 'b: "${SHORT}"', 'c: "${API_TOKEN}"', 'd: "${UNSET:-a default text}"', 'server: { host: "${HOST_NAME}" }',
    'e: "${TINY_KEY}"\n'
  ].join('\n')
  const { document } = read(t, yaml, {
    LONG_ONE: 'a.long*one',
    SHORT: 'short',
    API_TOKEN: 'tokn',
    HOST_NAME: 'gateway.internal',
    TINY_KEY: 'abc'
  })
  const redactor = redactorOf(document!, [])
  assert.equal(
    redactor.text('a.long*one axlongxone short tokn a default text gateway.internal abc'),
    '[redacted] axlongxone short [redacted] a default text gateway.internal abc'
  )
})

test('what stands under a secret key is a secret; its hash is none', (t) => {
  const { document } = read(t, { 'gateway.yaml': `key: inline-secret\nhash: "sha256:${'0'.repeat(64)}"\n` })
  const redactor = redactorOf(document!, ['/key', '/hash'])
  assert.equal(redactor.text(`inline-secret sha256:${'0'.repeat(64)}`), `[redacted] sha256:${'0'.repeat(64)}`)
})

test('of two that begin alike the longer one goes, and thousands are no trouble', () => {
  const redactor = new Redactor(['secret', 'secret-more', ...Array.from({ length: 3000 }, (_, index) => `key-${index}-end`)])
  assert.equal(redactor.text('secret-more key-2999-end key-0-end'), '[redacted] [redacted] [redacted]')
})

test('a key of many lines is taken out whole, and a text without end is no trouble', () => {
  const key = `-----BEGIN KEY-----\n${'abcdefgh\n'.repeat(300)}-----END KEY-----`
  const redactor = new Redactor([key, 'x'.repeat(100_000), 'short'])
  assert.equal(redactor.text(`a ${key} b short`), 'a [redacted] b [redacted]')
  assert.equal(redactor.text(JSON.stringify({ key })), '{"key":"[redacted]"}')
  assert.equal(redactor.text('x'.repeat(100_000)), '[redacted]')
  assert.equal(new Redactor([key]).text(key), '[redacted]')
  assert.equal(new Redactor([]).active, false)
})
