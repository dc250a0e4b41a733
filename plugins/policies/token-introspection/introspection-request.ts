/** The question of RFC 7662 §2.1: a form with the token, and whatever proves that the gateway may ask. */

import type { Question } from '../../../src/index.ts'
import { createAssertion, type AssertionAlgorithm } from './client-assertion.ts'

/** The gateway as a client of the issuer. */
export interface IntrospectionClient {
  readonly id: string
  readonly authentication: 'basic' | 'post' | 'private_key_jwt'
  readonly secret?: string
  readonly privateKey?: string
  readonly keyId?: string
  readonly algorithm?: AssertionAlgorithm
  readonly audience?: string
}

/** What differs from one question to the next. */
export interface Circumstances {
  readonly endpoint: string
  /** What the issuer calls itself, for a signature. */
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly wall: number
  /** Never used before. */
  readonly id: string
}

/** Compiles the client to what makes its questions. */
export function compileQuestion (client: IntrospectionClient): (token: string, circumstances: Circumstances) => Question {
  const { id, authentication, secret = '' } = client
  const authorization = authentication === 'basic'
    ? { authorization: `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}` }
    : {}
  // A signature is good for one question (RFC 7523 §3, `jti`), so a question with one is not repeated as it is.
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...authorization }
  return (token, { endpoint, issuer, wall, id: unique }) => {
    const form = new URLSearchParams({ token, token_type_hint: 'access_token' })
    if (authentication === 'post') {
      form.set('client_id', id)
      form.set('client_secret', secret)
    } else if (authentication === 'private_key_jwt') {
      form.set('client_id', id)
      form.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      form.set(
        'client_assertion',
        createAssertion({ ...client, privateKey: client.privateKey! }, client.audience ?? issuer, { wall, id: unique })
      )
    }
    return { url: endpoint, method: 'POST', headers, body: form.toString(), repeatable: client.authentication !== 'private_key_jwt' }
  }
}

/** Name and secret are encoded before they are joined (RFC 6749 §2.3.1), so that a colon in the name is none between them. */
function formEncoded (text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
