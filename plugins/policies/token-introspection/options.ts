/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import {
  checkIdentityHeaders, checkServiceUrl, Enum, identityServiceKeys, type Report, Secret, tokenAuthenticatorKeys
} from '../../../src/index.ts'
import { createAssertion, signatureAlgorithms } from './client-assertion.ts'

const words = (description: string) => Type.Optional(Type.Union(
  [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })],
  { expected: 'text or a list of texts', description }
))

const strict = { additionalProperties: false } as const

export const IntrospectionOptionsSchema = Type.Object({
  endpoint: Type.Optional(Type.String({
    description: 'URL of the introspection endpoint (RFC 7662). Either this or `discovery`.',
    examples: ['https://login.example.com/realms/shop/protocol/openid-connect/token/introspect']
  })),
  discovery: Type.Optional(Type.String({
    description: 'The issuer, whose `/.well-known/openid-configuration` names the endpoint. Where a token has `iss`, it must be this. ' +
      'Either this or `endpoint`.',
    examples: ['https://login.example.com/realms/shop']
  })),
  client: Type.Object({
    id: Type.String({ minLength: 1, description: 'The client identifier of the gateway at the issuer.' }),
    authentication: Enum(['basic', 'post', 'private_key_jwt'], {
      default: 'basic',
      description: 'How the gateway authenticates: with the secret in Authorization or in the body (RFC 6749 §2.3.1), or with a ' +
        'signature (RFC 7523).'
    }),
    secret: Type.Optional(Secret({ minLength: 1, description: 'For `basic` and `post`.' })),
    privateKey: Type.Optional(Secret({ description: 'For `private_key_jwt`: private key (PEM) whose public part the issuer has.' })),
    keyId: Type.Optional(Type.String({ minLength: 1, description: '`kid` of the key at the issuer.' })),
    algorithm: Type.Optional(Enum(signatureAlgorithms, {
      description: 'Signature algorithm. Default by the kind of key: RS256, ES256 (P-256) or EdDSA.'
    })),
    audience: Type.Optional(Type.String({
      minLength: 1,
      description: '`aud` of the signature: the identifier of the issuer. Default: the issuer of `discovery`, else the endpoint.'
    }))
  }, { ...strict, description: 'The gateway as a client of the issuer.' }),
  issuer: words(
    'What `iss` must be, or a list of which it must be one; a token without it is refused. Unset: not looked at, but for `discovery`.'
  ),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  requiredClaims: Type.Array(
    Type.String({ minLength: 1 }),
    { default: [], description: 'Members that the response must have, such as `exp` or `sub`.' }
  ),
  ca: identityServiceKeys.ca,
  ...tokenAuthenticatorKeys
}, strict)

/** The options of one policy, durations in milliseconds. */
export type IntrospectionOptions = Static<typeof IntrospectionOptionsSchema>

/** Checks what the schema cannot express. */
export function checkIntrospectionOptions (options: IntrospectionOptions, report: Report): void {
  const { endpoint, discovery, client, identityHeaders } = options
  if (endpoint !== undefined && discovery !== undefined) report({
    pointer: '/discovery',
    message: 'cannot stand beside endpoint',
    at: 'key'
  })
  else if (endpoint === undefined && discovery === undefined) report({
    pointer: '',
    message: 'needs something to ask: endpoint or discovery'
  })
  if (endpoint !== undefined) checkServiceUrl(endpoint, '/endpoint', report)
  if (discovery !== undefined) checkServiceUrl(discovery, '/discovery', report)
  checkClient(client, report)
  checkIdentityHeaders(identityHeaders, report)
}

function checkClient (client: IntrospectionOptions['client'], report: Report): void {
  const { authentication, secret, privateKey } = client
  if (authentication !== 'private_key_jwt') {
    if (secret === undefined) report({ pointer: '/client', message: `authentication ${authentication} needs a secret` })
    for (const key of ['privateKey', 'keyId', 'algorithm', 'audience'] as const) {
      if (client[key] !== undefined) report({ pointer: `/client/${key}`, message: 'is for authentication: private_key_jwt', at: 'key' })
    }
    return
  }
  if (secret !== undefined) report({ pointer: '/client/secret', message: 'is for authentication: basic or post', at: 'key' })
  if (privateKey === undefined) return report({ pointer: '/client', message: 'authentication private_key_jwt needs a privateKey' })
  try {
    createAssertion({ ...client, privateKey }, 'check', { wall: 0, id: '' })
  } catch {
    report({
      pointer: '/client/privateKey',
      message: 'must be a private key ' +
        `(PEM)${client.algorithm === undefined ? ' of RSA, EC or Ed25519' : ` that signs with ${client.algorithm}`}`
    })
  }
}
