/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import {
  algorithms, createTokenSigner, Duration, Enum, leastSecretBytes, looksLikeKey, ownedFieldProblem, type Report, Secret
} from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'

export const IdentityTokenSchema = Type.Object({
  secret: Type.Optional(Secret({
    description: 'Shared secret that the services verify with too: 32 random bytes or more. Every service that verifies could also sign.'
  })),
  privateKey: Type.Optional(Secret({ description: 'Private key (PEM) whose public part the services have.' })),
  algorithm: Type.Optional(Enum(algorithms, {
    description: 'Signature algorithm. Default: HS256 with a secret; RS256, ES256, ES384, ES512 or EdDSA by the kind of key.'
  })),
  kid: Type.Optional(Type.String({ minLength: 1, description: '`kid` of the key at the services.' })),
  issuer: Type.String({ minLength: 1, description: '`iss` of the token.', examples: ['https://gateway.example.com'] }),
  audience: Type.Optional(Type.Union(
    [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })],
    { expected: 'text or a list of texts', description: '`aud` of the token: the services that it is for.', examples: ['orders'] }
  )),
  expires: Duration({
    default: '60s',
    minimum: '5s',
    maximum: '1d',
    description: 'Lifetime of a token. Requests of one client share a token for half of this time.'
  }),
  header: Type.String({
    default: 'authorization',
    description: 'The request header field with the token: after `Bearer` in Authorization, alone in any other. The client\'s own field ' +
      'is removed.'
  }),
  claims: Type.Union([
    Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true }),
    Type.Record(Type.String({ minLength: 1 }), Type.String({ minLength: 1 }), { minProperties: 1 })
  ], {
    default: ['sub'],
    expected: 'a list of claims, or names each with the claim that it gets',
    description: 'Claims about the client: a list of claims or paths of claims, or a mapping of names to claims. Those that the client ' +
      'does not have are omitted.',
    examples: [['sub', 'roles'], { sub: 'sub', roles: 'realm_access.roles' }]
  })
}, { additionalProperties: false })

export type IdentityTokenOptions = Static<typeof IdentityTokenSchema>

/** Claims that the gateway sets itself. */
const own: ReadonlySet<string> = new Set(['iss', 'aud', 'iat', 'exp', 'nbf', 'jti'])

/** Checks what the schema cannot express. */
export function checkIdentityToken (options: IdentityTokenOptions, report: Report): void {
  const { header, claims } = options
  const problem = header.toLowerCase() === 'authorization' ? undefined : ownedFieldProblem(header)
  if (problem !== undefined) report({ pointer: '/header', message: problem })
  const names = Array.isArray(claims)
    ? claims.map((name, index) => [name, index] as const)
    : Object.keys(claims).map(name => [name, name] as const)
  for (const [name, key] of names) {
    if (own.has(name)) {
      report({
        pointer: child('/claims', key),
        ...(typeof key === 'string' ? { at: 'key' as const } : {}),
        message: `${name} is what the gateway says itself: give the client's another name`,
        hint: `client_${name}: ${name}`
      })
    }
  }
  checkKey(options, report)
}

function checkKey ({ secret, privateKey, algorithm }: IdentityTokenOptions, report: Report): void {
  if (secret === undefined && privateKey === undefined) {
    return report({ pointer: '', message: 'needs something to sign with: secret or privateKey' })
  }
  if (secret !== undefined && privateKey !== undefined) {
    return report({ pointer: '/privateKey', message: 'cannot stand beside secret', at: 'key' })
  }
  if (secret === '') return report({ pointer: '/secret', message: 'must not be empty' })
  if (secret !== undefined && looksLikeKey(secret)) {
    return report({ pointer: '/secret', message: 'must be a shared secret, got a key in PEM or JWK form', hint: 'privateKey' })
  }
  try {
    createTokenSigner({ secret, privateKey, algorithm })
  } catch (error) {
    const { message } = error as Error
    return report({
      pointer: algorithm !== undefined && message.includes(algorithm) ? '/algorithm' : privateKey === undefined ? '/secret' : '/privateKey',
      message
    })
  }
  if (privateKey !== undefined) return
  const least = leastSecretBytes([algorithm ?? 'HS256'])
  if (Buffer.byteLength(secret!) < least) {
    report({
      pointer: '/secret',
      severity: 'warning',
      message: `is shorter than ${least} bytes: whoever has one token can guess it and make others (RFC 7518 §3.2)`,
      hint: `openssl rand -base64 ${least}`
    })
  }
}
