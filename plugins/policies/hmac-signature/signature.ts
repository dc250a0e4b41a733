/** HMAC signatures (RFC 2104): reading, computing and comparing them. */

import { createHmac, timingSafeEqual } from 'node:crypto'

export type Algorithm = 'sha256' | 'sha512'
export type Encoding = 'hex' | 'base64'

const lengths = { sha256: 32, sha512: 64 } as const

/**
 * The bytes of an encoded signature; undefined when it cannot be one of this algorithm. Base64 must be canonical; hex
 * may be in lower or upper case.
 */
export function readSignature (text: string, algorithm: Algorithm, encoding: Encoding): Buffer | undefined {
  const length = lengths[algorithm]
  if (encoding === 'hex') return text.length === 2 * length && /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, 'hex') : undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === length && bytes.toString('base64') === text ? bytes : undefined
}

/**
 * Whether one of the signatures was made with one of the secrets. All are compared, each in constant time, so that the
 * time does not reveal which one matches, or how closely.
 */
export function fits (
  parts: readonly (string | Buffer)[],
  signatures: readonly Buffer[],
  secrets: readonly string[],
  algorithm: Algorithm
): boolean {
  let found = false
  for (const secret of secrets) {
    const hmac = createHmac(algorithm, secret)
    for (const part of parts) hmac.update(part)
    const digest = hmac.digest()
    for (const signature of signatures) if (timingSafeEqual(digest, signature)) found = true
  }
  return found
}
