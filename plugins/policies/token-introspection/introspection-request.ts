/** Builds the introspection request (RFC 7662 §2.1): a form with the token, and the gateway's client authentication. */

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

/** The values that differ from one request to the next. */
export interface Circumstances {
  readonly endpoint: string
  /** The identifier of the issuer, for a signature. */
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly wall: number
  /** Never used before. */
  readonly id: string
}

/** Compiles the client to a function that builds introspection requests. */
export function compileQuestion (client: IntrospectionClient): (token: string, circumstances: Circumstances) => Question {
  const { id, authentication, secret = '' } = client
  const authorization = authentication === 'basic'
    ? { authorization: `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}` }
    : {}
  // A signature is valid for one request (RFC 7523 §3, `jti`), so a signed request is not repeatable.
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

/** Name and secret are encoded before they are joined (RFC 6749 §2.3.1), so that a colon in the name is not the separator. */
function formEncoded (text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
