/** Signs requests to a directory: JSON Web Signatures in the flattened form (RFC 7515, RFC 8555 §6.2). */

import { createHash, createHmac, createPublicKey, sign, type KeyObject } from 'node:crypto'

/** A signed text, ready for JSON. */
export interface Jws {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}

/** What is signed beside the payload. `kid` is the URL of the account; without it the public key itself is sent. */
export interface JwsHeader {
  readonly url: string
  readonly nonce: string
  readonly kid?: string | undefined
}

/** An account at a certificate authority that already exists there, to which the new one is bound. */
export interface ExternalAccount {
  readonly keyId: string
  /** base64url. */
  readonly hmacKey: string
}

/** The public half of a P-256 key as JSON Web Key. The members are in the order of their names, as the thumbprint needs it. */
export function publicJwk (key: KeyObject): { crv: string, kty: string, x: string, y: string } {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' })
  return { crv: crv!, kty: kty!, x: x!, y: y! }
}

/** The thumbprint of a key (RFC 7638), which is a part of each challenge response. */
export function thumbprint (key: KeyObject): string {
  return createHash('sha256').update(JSON.stringify(publicJwk(key))).digest('base64url')
}

/** Signs a payload with ES256. An empty text is the payload of a POST that reads (RFC 8555 §6.3). */
export function signJws (key: KeyObject, { url, nonce, kid }: JwsHeader, payload: unknown): Jws {
  const header = encode({ alg: 'ES256', nonce, url, ...kid === undefined ? { jwk: publicJwk(key) } : { kid } })
  const body = payload === '' ? '' : encode(payload)
  const signature = sign('sha256', Buffer.from(`${header}.${body}`), { key, dsaEncoding: 'ieee-p1363' })
  return { protected: header, payload: body, signature: signature.toString('base64url') }
}

/** Binds the key of a new account to an account that exists (RFC 8555 §7.3.4). `url` is that of the request for the new account. */
export function bindAccount (key: KeyObject, { keyId, hmacKey }: ExternalAccount, url: string): Jws {
  const header = encode({ alg: 'HS256', kid: keyId, url })
  const body = encode(publicJwk(key))
  const signature = createHmac('sha256', Buffer.from(hmacKey, 'base64url')).update(`${header}.${body}`).digest('base64url')
  return { protected: header, payload: body, signature }
}

function encode (value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
