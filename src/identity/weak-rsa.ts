/** Detects RSA keys with which others than the owner can sign. OpenSSL rejects weak keys of other kinds. */

import { createPublicKey, type KeyObject } from 'node:crypto'

/** What is wrong with an RSA key, public or private; undefined where nothing is known. */
export function rsaWeakness (key: KeyObject): string | undefined {
  const { n, e } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  const modulus = toNumber(Buffer.from(n!, 'base64url'))
  const exponent = toNumber(Buffer.from(e!, 'base64url'))
  if (exponent < 3n || exponent % 2n === 0n) {
    return 'has a public exponent that is even or less than 3, which no private key belongs to (RFC 8017 §3.1)'
  }
  const bits = modulus.toString(2).length
  if (bits < 2048) return `has ${bits} bits; RSA keys need 2048 (RFC 7518 §3.3)`
  if (isFactorable(modulus)) return 'has a modulus that everybody can factor'
  return isRoca(modulus) ? 'was made by a chip whose keys can be factored (ROCA, CVE-2017-15361)' : undefined
}

function toNumber (bytes: Buffer): bigint {
  return BigInt(`0x0${bytes.toString('hex')}`)
}

const primes = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
  113, 127, 131, 137, 139, 149, 151, 157, 163, 167
].map(BigInt)

/** Rounds of Fermat's method; keys of the printers of CVE-2022-26320 need one. */
const rounds = 100

/** A modulus that has a small prime, or whose two primes are close to each other. */
function isFactorable (modulus: bigint): boolean {
  if (primes.some(prime => modulus % prime === 0n)) return true
  let a = squareRoot(modulus)
  if (a * a < modulus) a++
  for (let round = 0; round < rounds; round++, a++) {
    const square = a * a - modulus
    // A square is 0, 1, 4 or 9 modulo 16.
    if (![0n, 1n, 4n, 9n].includes(square & 15n)) continue
    const b = squareRoot(square)
    if (b * b === square) return true
  }
  return false
}

/** The largest whole number whose square is not larger. */
function squareRoot (value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/** The product of the primes that ROCA's moduli are built over. */
const primorial = primes.reduce((product, prime) => product * prime)
const generator = 65537n

/** The order of the generator: the least common multiple of its orders modulo the primes; and the powers of primes that it is made of. */
const order = primes.slice(1).map(prime => orderModulo(prime)).reduce((a, b) => a / gcd(a, b) * b)
const orderParts = primes.flatMap(prime => {
  let part = 1n
  while (order % (part * prime) === 0n) part *= prime
  return part === 1n ? [] : [part]
})

/**
 * Whether a modulus is a power of 65537 modulo the primorial, as those are whose primes have the form k·M + (65537^a
 * mod M) (Nemec et al., "The Return of Coppersmith's Attack", 2017, §2.2). Of other moduli one in 2^154 is. The order
 * is smooth, so it is looked at one prime power after the other.
 */
function isRoca (modulus: bigint): boolean {
  const element = modulus % primorial
  if (power(element, order) !== 1n) return false
  return orderParts.every(part => {
    const step = power(generator, order / part)
    const wanted = power(element, order / part)
    let value = 1n
    for (let index = 0n; index < part; index++) {
      if (value === wanted) return true
      value = value * step % primorial
    }
    return false
  })
}

function orderModulo (prime: bigint): bigint {
  let count = 1n
  for (let value = generator % prime; value !== 1n; value = value * generator % prime) count++
  return count
}

function gcd (a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

function power (base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let left = exponent, square = base; left > 0n; left >>= 1n, square = square * square % primorial) {
    if (left & 1n) result = result * square % primorial
  }
  return result
}
