/** The options of the policy, and what is wrong with them. */

import Type, { type Static } from 'typebox'
import type { Report } from '../../src/api.ts'
import { Duration, Enum, Secret } from '../../src/config/units.ts'
import { checkIdentityHeaders, IdentityHeadersSchema } from '../../src/identity-headers.ts'
import { checkServiceUrl } from '../../src/identity-service.ts'
import { algorithms, leastSecretBytes, looksLikeKey, publicAlgorithms, secretAlgorithms, trimPem, type SignatureAlgorithm } from '../../src/signature-algorithms.ts'
import { publicKeyKind, type KeyMaterial } from './key.ts'

const words = (description: string) => Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], { expected: 'text or a list of texts', description }))

const strict = { additionalProperties: false } as const

const urlOf = (description: string, example: string) => Type.Optional(Type.String({ description, examples: [example] }))

const tokenName = (pattern: string, description: string) => Type.String({ pattern, description })

/** The options as the file has them. */
export const JwtOptionsSchema = Type.Object({
  secret: Type.Optional(Secret({ description: 'Shared secret of the HS algorithms: 32 random bytes or more.' })),
  publicKey: Type.Optional(Type.String({ description: 'Public key or certificate (PEM) of the issuer.', examples: ['${file:/run/secrets/issuer.pem}'] })),
  keys: Type.Optional(Type.Array(Type.Object({
    kid: Type.String({ minLength: 1, description: 'What tokens call the key. One that names none is tried with all.' }),
    secret: Type.Optional(Secret({ description: 'Shared secret.' })),
    publicKey: Type.Optional(Type.String({ description: 'Public key or certificate (PEM).' })),
    algorithms: Type.Optional(Type.Array(Enum(algorithms), { minItems: 1, description: 'Algorithms of this key: HS256 with a secret, all that a public key fits unless set.' }))
  }, strict), { minItems: 1, maxItems: 100, description: 'Several keys, for instance while one takes the place of another.' })),
  jwks: urlOf('URL of the issuer\'s key set (JWKS).', 'https://login.example.com/.well-known/jwks.json'),
  discovery: urlOf('The issuer, whose `/.well-known/openid-configuration` names its key set; it is also what `iss` must be unless `issuer` is set.', 'https://login.example.com/realms/shop'),
  published: Type.Object({
    refresh: Duration({ default: '10m', minimum: '1s', maximum: '1d', description: 'After which time at most the keys are fetched again; sooner when the answer has a shorter `max-age`.' }),
    minimumRefresh: Duration({ default: '1m', minimum: '1s', maximum: '1d', description: 'After which time at least, whatever `max-age` says.' }),
    staleFor: Duration({ default: '1d', maximum: '30d', description: 'How long beyond their time the last good keys serve while the issuer does not answer.' }),
    coolDown: Duration({ default: '30s', minimum: '1s', maximum: '1h', description: 'Tokens with unknown keys cause one fetch in this time at most.' }),
    timeout: Duration({ default: '3s', minimum: '1ms', maximum: '1h', description: 'From a question to the last byte of its answer.' }),
    ca: Type.Optional(Type.String({ description: 'Certificates (PEM) that are trusted instead of the public ones.', examples: ['${file:/run/secrets/ca.pem}'] }))
  }, { ...strict, default: {}, description: 'How keys of `jwks` and `discovery` are fetched and kept.' }),
  algorithms: Type.Optional(Type.Array(Enum(algorithms), { minItems: 1, description: 'Algorithms that are accepted; all must fit the key. Whatever else a token names is refused. Unset: HS256 with `secret`; with `jwks` and `discovery` what each key is for, never HS.' })),
  issuer: words('What `iss` must be, or a list of which it must be one. Unset: not looked at, but for `discovery`.'),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  clockTolerance: Duration({ default: '0s', maximum: '1h', description: 'By how much the clocks of issuer and gateway may differ.' }),
  requiredClaims: Type.Array(Type.String({ minLength: 1 }), { default: ['exp'], description: 'Claims that every token must have. Without `exp` tokens that never expire are accepted.' }),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }), {
    default: [],
    description: 'Scopes that a token must have, all of them; 403 without. Read from its `scope`, `scp` and `permissions`.',
    examples: [['orders:read']]
  }),
  token: Type.Object({
    from: Enum(['bearer', 'header', 'cookie'], { default: 'bearer', description: '`bearer`: Authorization: Bearer. `header`: all of another field. `cookie`: a cookie.' }),
    name: Type.Optional(tokenName('^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$', 'Of the header or cookie.'))
  }, { ...strict, default: {}, description: 'Where the token stands.' }),
  remembered: Type.Integer({ default: 1000, minimum: 0, maximum: 1_000_000, description: 'Most verified tokens whose signature need not be computed again.' }),
  identityHeaders: IdentityHeadersSchema,
  forwardToken: Type.Boolean({ default: true, description: 'Whether the upstream gets the token too. When false, policies after this one do not see it either.' })
}, strict)

/** The options of one policy, durations in milliseconds. */
export type JwtOptions = Static<typeof JwtOptionsSchema>

const sources = ['secret', 'publicKey', 'keys', 'jwks', 'discovery'] as const

/** What the schema cannot say: there is one source of keys, they can be used, and the algorithms are their own. */
export function checkJwtOptions (options: JwtOptions, report: Report): void {
  checkIdentityHeaders(options.identityHeaders, report)
  checkToken(options.token, report)
  const [source, other] = sources.filter(key => options[key] !== undefined)
  if (source === undefined) return report({ pointer: '', message: `needs a key to verify tokens with: ${sources.join(', ')}` })
  if (other !== undefined) return report({ pointer: `/${other}`, message: `cannot stand beside ${source}: keys come from one place`, at: 'key' })
  if (source === 'secret') checkSecret(options.secret!, algorithmsOf(options), '', report)
  else if (source === 'publicKey') checkPublicKey(options.publicKey!, algorithmsOf(options), '', report)
  else if (source === 'keys') checkKeys(options, report)
  else checkPublished(options, source, report)
}

/** The algorithms of the policy. Shared secrets are never published, so a published key never verifies HS. */
export function algorithmsOf ({ algorithms: written, jwks, discovery }: Pick<JwtOptions, 'algorithms' | 'jwks' | 'discovery'>): readonly SignatureAlgorithm[] {
  return written ?? ((jwks ?? discovery) === undefined ? ['HS256'] : publicAlgorithms)
}

/** The keys of the file. */
export function writtenKeys (options: JwtOptions): readonly KeyMaterial[] {
  const { secret, publicKey, keys } = options
  if (keys === undefined) return [{ kid: undefined, key: secret ?? trimPem(publicKey!), algorithms: algorithmsOf(options) }]
  return keys.map(key => ({ kid: key.kid, key: key.secret ?? trimPem(key.publicKey!), algorithms: key.algorithms ?? ownAlgorithms(key) }))
}

function ownAlgorithms ({ publicKey }: { readonly publicKey?: string }): readonly SignatureAlgorithm[] {
  if (publicKey === undefined) return ['HS256']
  const kind = publicKeyKind(publicKey)
  return 'fits' in kind ? kind.fits : []
}

function checkToken ({ from, name }: JwtOptions['token'], report: Report): void {
  if (from === 'bearer' && name !== undefined) report({ pointer: '/token/name', message: 'is for from: header or cookie', at: 'key' })
  if (from !== 'bearer' && name === undefined) report({ pointer: '/token', message: `from: ${from} needs a name` })
  if (from === 'header' && /^(?:authorization|cookie|host)$/i.test(name ?? '')) report({ pointer: '/token/name', message: `must not be ${name!}, which has another meaning` })
}

function checkKeys ({ keys, algorithms: written }: JwtOptions, report: Report): void {
  if (written !== undefined) report({ pointer: '/algorithms', message: 'stands with each of keys, to which it is pinned', at: 'key' })
  const kids = new Set<string>()
  for (const [index, key] of keys!.entries()) {
    const { kid, secret, publicKey } = key
    const pointer = `/keys/${index}`
    if (kids.has(kid)) report({ pointer: `${pointer}/kid`, message: `must be another than that of the keys before it, got ${kid} again` })
    kids.add(kid)
    if ((secret === undefined) === (publicKey === undefined)) report({ pointer, message: 'needs either secret or publicKey' })
    else if (secret !== undefined) checkSecret(secret, key.algorithms ?? ['HS256'], pointer, report)
    else checkPublicKey(publicKey!, key.algorithms ?? ownAlgorithms(key), pointer, report)
  }
}

function checkPublished (options: JwtOptions, source: 'jwks' | 'discovery', report: Report): void {
  checkServiceUrl(options[source]!, `/${source}`, problem => report(problem.severity === 'warning' ? { ...problem, message: 'whoever is between gateway and issuer can put keys of their own in place of these' } : problem))
  checkAlgorithms(algorithmsOf(options), publicAlgorithms, '', report)
  const { refresh, minimumRefresh } = options.published
  if (minimumRefresh > refresh) report({ pointer: '/published/minimumRefresh', message: 'must not be longer than refresh' })
}

function checkSecret (secret: string, used: readonly SignatureAlgorithm[], at: string, report: Report): void {
  const pointer = `${at}/secret`
  if (secret === '') return report({ pointer, message: 'must not be empty' })
  if (looksLikeKey(secret)) return report({ pointer, message: 'must be a shared secret, got a key in PEM or JWK form', hint: 'publicKey' })
  checkAlgorithms(used, secretAlgorithms, at, report)
  const least = leastSecretBytes(used)
  if (Buffer.byteLength(secret) >= least) return
  report({ pointer, severity: 'warning', message: `is shorter than ${least} bytes: whoever has one token can guess it and make others (RFC 7518 §3.2)`, hint: `openssl rand -base64 ${least}` })
}

function checkPublicKey (pem: string, used: readonly SignatureAlgorithm[], at: string, report: Report): void {
  const kind = publicKeyKind(pem)
  if ('problem' in kind) return report({ pointer: `${at}/publicKey`, message: kind.problem })
  if (kind.weak !== undefined) report({ pointer: `${at}/publicKey`, severity: 'warning', message: kind.weak })
  checkAlgorithms(used, kind.fits, at, report)
}

function checkAlgorithms (used: readonly string[], fits: readonly string[], at: string, report: Report): void {
  for (const [index, algorithm] of used.entries()) {
    if (!fits.includes(algorithm)) report({ pointer: `${at}/algorithms/${index}`, message: `must fit the key, which verifies ${fits.join(', ')}; got ${algorithm}`, hint: `algorithms: [${fits[0]!}]` })
  }
}
