/** RSA keys with which others than their owner can sign: known by their numbers, wherever a key comes from. */

import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, generatePrimeSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { rsaWeakness } from '../../src/identity/weak-rsa.ts'

const segment = (value: bigint): string => Buffer.from(
  value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0'),
  'hex'
).toString('base64url')
const key = (
  modulus: bigint,
  exponent = 65537n
): KeyObject => createPublicKey({ key: { kty: 'RSA', n: segment(modulus), e: segment(exponent) }, format: 'jwk' })

const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true })
const [p, q] = [prime(1025), prime(1025)]

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167
].map(BigInt)
const primorial = primes.reduce((a, b) => a * b)

/**
 * A factor of the form that the chips of CVE-2017-15361 choose: k·M + (65537^a mod M). Whether it is prime
 * changes nothing of its looks.
 */
function rocaFactor (k: bigint, exponent: number): bigint {
  let value = 1n
  for (let index = 0; index < exponent; index++) value = value * 65537n % primorial
  return k * primorial + value
}

const roca = rocaFactor(prime(806), 1234) * rocaFactor(prime(806), 56_789)

/** The prime above a number. */
function primeAbove (value: bigint): bigint {
  const odd = value | 1n
  for (let step = 2n; ; step += 2n) {
    const found = odd + step
    // Fermat's test is enough for a random number.
    if (primes.slice(1).every(small => found % small !== 0n) && power(2n, found - 1n, found) === 1n) return found
  }
}

function power (base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let left = exponent, square = base; left > 0n; left >>= 1n, square = square * square % modulus) {
    if (left & 1n) result = result * square % modulus
  }
  return result
}

for (const [what, weak, message] of [
  ['an exponent of 1', key(p * q, 1n), /public exponent/],
  ['an even exponent', key(p * q, 65536n), /public exponent/],
  ['an exponent of 2', key(p * q, 2n), /public exponent/],
  ['1024 bits', key(prime(512) * prime(512)), /^has 102[34] bits; RSA keys need 2048/],
  ['2047 bits', key((p * q) >> BigInt((p * q).toString(2).length - 2047) | 1n), /^has 2047 bits/],
  ['a small prime', key(167n * prime(2100)), /can factor/],
  ['an even modulus', key(2n * prime(2100)), /can factor/],
  ['a square', key(p * p), /can factor/],
  ['primes that follow each other', key(p * primeAbove(p)), /can factor/],
  ['primes of a chip', key(roca), /ROCA/]
] as const) {
  test(`${what}: refused`, () => assert.match(rsaWeakness(weak) ?? 'accepted', message))
}

test('other keys are accepted, with any odd exponent from 3 on, public or private', () => {
  for (const exponent of [3n, 17n, 65537n]) assert.equal(rsaWeakness(key(p * q, exponent)), undefined)
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  assert.deepEqual([rsaWeakness(pair.publicKey), rsaWeakness(pair.privateKey)], [undefined, undefined])
  // One factor alone of the form is no sign of the chip.
  assert.equal(rsaWeakness(key(rocaFactor(prime(806), 1234) * q)), undefined)
})
