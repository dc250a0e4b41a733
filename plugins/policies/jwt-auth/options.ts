/** The options of the policy. */

import Type, { type Static } from '#typebox'
import { algorithms, Duration, Enum, IdentityHeadersSchema, Secret, TimeSpan } from '../../../src/index.ts'

const words = (description: string) => Type.Optional(Type.Union(
  [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })],
  { expected: 'text or a list of texts', description }
))

const strict = { additionalProperties: false } as const

const urlOf = (description: string, example: string) => Type.Optional(Type.String({ description, examples: [example] }))

const tokenName = (pattern: string, description: string) => Type.String({ pattern, description })

/** The options as written in the configuration. */
export const JwtOptionsSchema = Type.Object({
  secret: Type.Optional(Secret({ description: 'Shared secret of the HS algorithms: 32 random bytes or more.' })),
  publicKey: Type.Optional(Type.String({
    description: 'Public key or certificate (PEM) of the issuer.',
    examples: ['${file:/run/secrets/issuer.pem}']
  })),
  keys: Type.Optional(Type.Array(Type.Object({
    kid: Type.Optional(Type.String({
      minLength: 1,
      description: 'The `kid` by which tokens name the key. A `jwk` may contain it. A token without `kid` is tried with all keys.'
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
      description: 'Algorithms of this key. Default: HS256 for a secret, all that fit a public key, `alg` of a JWK.'
    }))
  }, strict), { minItems: 1, maxItems: 100, description: 'Several keys, for instance while one replaces another.' })),
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
      description: 'The longest time between two fetches of the keys. A shorter `max-age` of the response shortens it.'
    }),
    minimumRefresh: Duration({
      default: '1m',
      minimum: '1s',
      maximum: '1d',
      description: 'The shortest time between two fetches, even with a shorter `max-age`.'
    }),
    staleFor: TimeSpan({
      default: '1d',
      maximum: '30d',
      description: 'How long expired keys stay in use while the issuer is unavailable.'
    }),
    coolDown: Duration({
      default: '30s',
      minimum: '1s',
      maximum: '1h',
      description: 'Tokens with unknown keys cause at most one fetch in this time, unless the fetch returns a new key.'
    }),
    timeout: Duration({
      default: '3s',
      minimum: '1ms',
      maximum: '1h',
      description: 'Time from the request to the last byte of its response.'
    }),
    ca: Type.Optional(Type.String({
      description: 'CA certificates (PEM) that are trusted instead of the public ones.',
      examples: ['${file:/run/secrets/ca.pem}']
    }))
  }, { ...strict, default: {}, description: 'How keys of `jwks` and `discovery` are fetched and cached.' }),
  algorithms: Type.Optional(Type.Array(Enum(algorithms), {
    minItems: 1,
    description: 'Algorithms that are accepted; all must fit the key. Tokens with any other algorithm are rejected. Default: HS256 with ' +
      '`secret`; with `jwks` and `discovery` the algorithms of each key, never HS.'
  })),
  issuer: words('What `iss` must be, or a list of which it must be one. Unset: not looked at, but for `discovery`.'),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  clockTolerance: Duration({
    default: '0s',
    maximum: '1h',
    description: 'The difference that is allowed between the clocks of issuer and gateway.'
  }),
  requiredClaims: Type.Array(
    Type.String({ minLength: 1 }),
    { default: ['exp'], description: 'Claims that every token must have. Without `exp` tokens that never expire are accepted.' }
  ),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }), {
    default: [],
    description: 'Scopes that a token must have, all of them; otherwise the response is 403. They are read from the claims `scope`, ' +
      '`scp` and `permissions`.',
    examples: [['orders:read']]
  }),
  token: Type.Object({
    from: Enum(['bearer', 'header', 'cookie', 'query'], {
      default: 'bearer',
      description: '`bearer`: Authorization: Bearer. `header`: the whole value of another header field. `cookie`: a cookie. `query`: a ' +
        'query parameter, which is neither forwarded nor logged.'
    }),
    name: Type.Optional(tokenName('^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', 'Of the header, cookie or parameter.'))
  }, { ...strict, default: {}, description: 'Where clients send the token.' }),
  remembered: Type.Integer({
    default: 1000,
    minimum: 0,
    maximum: 1_000_000,
    description: 'The most verified tokens in the cache. The signature of a cached token is not computed again.'
  }),
  identityHeaders: IdentityHeadersSchema,
  forwardToken: Type.Boolean({
    default: true,
    description: 'Whether the upstream gets the token too. When false, policies after this one do not see it either.'
  })
}, strict)

/** The options of one policy, durations in milliseconds. */
export type JwtOptions = Static<typeof JwtOptionsSchema>
