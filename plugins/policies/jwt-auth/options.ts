/** The options of the policy. */

import Type, { type Static } from 'typebox'
import { algorithms, Duration, Enum, IdentityHeadersSchema, Secret, TimeSpan } from '../../../src/index.ts'

const words = (description: string) => Type.Optional(Type.Union(
  [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })],
  { expected: 'text or a list of texts', description }
))

const strict = { additionalProperties: false } as const

const urlOf = (description: string, example: string) => Type.Optional(Type.String({ description, examples: [example] }))

const tokenName = (pattern: string, description: string) => Type.String({ pattern, description })

/** The options as the file has them. */
export const JwtOptionsSchema = Type.Object({
  secret: Type.Optional(Secret({ description: 'Shared secret of the HS algorithms: 32 random bytes or more.' })),
  publicKey: Type.Optional(Type.String({
    description: 'Public key or certificate (PEM) of the issuer.',
    examples: ['${file:/run/secrets/issuer.pem}']
  })),
  keys: Type.Optional(Type.Array(Type.Object({
    kid: Type.Optional(Type.String({
      minLength: 1,
      description: 'What tokens call the key; a `jwk` may say it itself. A token that names none is tried with all.'
    })),
    secret: Type.Optional(Secret({ description: 'Shared secret.' })),
    publicKey: Type.Optional(Type.String({ description: 'Public key or certificate (PEM).' })),
    jwk: Type.Optional(Type.Union(
      [Type.String(), Type.Object({}, { additionalProperties: true })],
      {
        expected: 'a JWK',
        description: 'Public key as JWK (RFC 7517), as a mapping or as JSON.',
        examples: ['${file:/run/secrets/issuer.jwk}']
      }
    )),
    algorithms: Type.Optional(Type.Array(Enum(algorithms), {
      minItems: 1,
      description: 'Algorithms of this key. Unset: HS256 with a secret, all that a public key fits, `alg` of a JWK.'
    }))
  }, strict), { minItems: 1, maxItems: 100, description: 'Several keys, for instance while one takes the place of another.' })),
  jwks: urlOf('URL of the issuer\'s key set (JWKS).', 'https://login.example.com/.well-known/jwks.json'),
  discovery: urlOf(
    'The issuer, whose `/.well-known/openid-configuration` names its key set; it is also what `iss` must be unless `issuer` is set.',
    'https://login.example.com/realms/shop'
  ),
  published: Type.Object({
    refresh: Duration({
      default: '10m',
      minimum: '1s',
      maximum: '1d',
      description: 'After which time at most the keys are fetched again; sooner when the answer has a shorter `max-age`.'
    }),
    minimumRefresh: Duration({
      default: '1m',
      minimum: '1s',
      maximum: '1d',
      description: 'After which time at least, whatever `max-age` says.'
    }),
    staleFor: TimeSpan({
      default: '1d',
      maximum: '30d',
      description: 'How long beyond their time the last good keys serve while the issuer does not answer.'
    }),
    coolDown: Duration({
      default: '30s',
      minimum: '1s',
      maximum: '1h',
      description: 'Tokens with unknown keys cause one fetch in this time at most, unless it brings a new key.'
    }),
    timeout: Duration({ default: '3s', minimum: '1ms', maximum: '1h', description: 'From a question to the last byte of its answer.' }),
    ca: Type.Optional(Type.String({
      description: 'Certificates (PEM) that are trusted instead of the public ones.',
      examples: ['${file:/run/secrets/ca.pem}']
    }))
  }, { ...strict, default: {}, description: 'How keys of `jwks` and `discovery` are fetched and kept.' }),
  algorithms: Type.Optional(Type.Array(Enum(algorithms), {
    minItems: 1,
    description: 'Algorithms that are accepted; all must fit the key. Whatever else a token names is refused. Unset: HS256 with ' +
      '`secret`; with `jwks` and `discovery` what each key is for, never HS.'
  })),
  issuer: words('What `iss` must be, or a list of which it must be one. Unset: not looked at, but for `discovery`.'),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  clockTolerance: Duration({ default: '0s', maximum: '1h', description: 'By how much the clocks of issuer and gateway may differ.' }),
  requiredClaims: Type.Array(
    Type.String({ minLength: 1 }),
    { default: ['exp'], description: 'Claims that every token must have. Without `exp` tokens that never expire are accepted.' }
  ),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }), {
    default: [],
    description: 'Scopes that a token must have, all of them; 403 without. Read from its `scope`, `scp` and `permissions`.',
    examples: [['orders:read']]
  }),
  token: Type.Object({
    from: Enum(['bearer', 'header', 'cookie', 'query'], {
      default: 'bearer',
      description: '`bearer`: Authorization: Bearer. `header`: all of another field. `cookie`: a cookie. `query`: a parameter, which ' +
        'is never passed on nor logged.'
    }),
    name: Type.Optional(tokenName('^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', 'Of the header, cookie or parameter.'))
  }, { ...strict, default: {}, description: 'Where the token stands.' }),
  remembered: Type.Integer({
    default: 1000,
    minimum: 0,
    maximum: 1_000_000,
    description: 'Most verified tokens whose signature need not be computed again.'
  }),
  identityHeaders: IdentityHeadersSchema,
  forwardToken: Type.Boolean({
    default: true,
    description: 'Whether the upstream gets the token too. When false, policies after this one do not see it either.'
  })
}, strict)

/** The options of one policy, durations in milliseconds. */
export type JwtOptions = Static<typeof JwtOptionsSchema>
