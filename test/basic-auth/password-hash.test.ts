/** Hashes of passwords in a file. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derive, hashPassword, parsePasswordHash, type PasswordHash } from '../../src/identity/password-hash.ts'

test('the test vector of RFC 7914 §12 comes out', async () => {
  const hash = await derive('pleaseletmein', {
    cost: 16384,
    blockSize: 8,
    parallelization: 1,
    salt: Buffer.from('SodiumChloride'),
    hash: Buffer.alloc(64)
  })
  assert.equal(
    hash.toString('hex'),
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'
  )
})

test('what is made can be read, and only the right password fits', async () => {
  const parsed = parsePasswordHash(await hashPassword('correct horse', Buffer.alloc(16, 7))) as PasswordHash
  assert.deepEqual([parsed.cost * parsed.blockSize * 128, parsed.salt.length, parsed.hash.length], [16 * 1024 * 1024, 16, 32])
  assert.ok((await derive('correct horse', parsed)).equals(parsed.hash))
  assert.ok(!(await derive('correct house', parsed)).equals(parsed.hash))
})

test('the bounds of a hash are inclusive: cost, memory, work, and the lengths of salt and hash', () => {
  const text = (bytes: number): string => Buffer.alloc(bytes, 1).toString('base64url')
  const fits = (parameters: string, salt = 8, hash = 16): boolean =>
    'cost' in parsePasswordHash(`scrypt:${parameters}:${text(salt)}:${text(hash)}`)
  assert.deepEqual(['8192:8:1', '4096:8:1'].map(parameters => fits(parameters)), [true, false], 'cost')
  assert.deepEqual(['131072:8:1', '131072:9:1', '262144:8:1'].map(parameters => fits(parameters)), [true, false, false], 'memory')
  assert.deepEqual(['131072:8:16', '131072:8:17'].map(parameters => fits(parameters)), [true, false], 'work')
  assert.deepEqual(['8192:1:1', '8192:0:1', '8192:1:0'].map(parameters => fits(parameters)), [true, false, false], 'r and p')
  assert.deepEqual([7, 8].map(salt => fits('8192:8:1', salt)), [false, true], 'salt')
  assert.deepEqual([15, 16, 64, 65].map(hash => fits('8192:8:1', 8, hash)), [false, true, true, false], 'hash')
})

test('hashes that are none, too weak, or more than the gateway can afford are told without a piece of them', () => {
  const [salt, hash] = ['c2FsdHNhbHQ', 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo']
  assert.ok('cost' in parsePasswordHash(`scrypt:16384:8:1:${salt}:${hash}`))
  for (const text of [
    '', 'secret', `scrypt:16384:8:1:${salt}`, `scrypt:16383:8:1:${salt}:${hash}`, `scrypt:4096:8:1:${salt}:${hash}`,
    `scrypt:1048576:8:1:${salt}:${hash}`, `scrypt:16384:8:900:${salt}:${hash}`, `scrypt:16384:0:1:${salt}:${hash}`,
    `scrypt:16384:8:1:c2Fs:${hash}`, `scrypt:16384:8:1:${salt}:aGFz`
  ]) {
    const found = parsePasswordHash(text)
    assert.ok('problem' in found, text)
    assert.ok(!found.problem.includes(salt) && !found.problem.includes(hash), text)
  }
})
