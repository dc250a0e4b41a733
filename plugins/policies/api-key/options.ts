/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { checkIdentityHeaders, IdentityHeadersSchema, type Report, Secret } from '../../../src/index.ts'
import { instantOf } from './instant.ts'

const strict = { additionalProperties: false } as const

const KeySchema = Type.Object({
  consumer: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'The owner of the key: claims `sub` and `consumer`. A consumer may have several keys, for instance while one replaces ' +
      'another.'
  }),
  hash: Secret({
    pattern: '^sha256:[0-9a-fA-F]{64}$',
    expected: 'sha256: and 64 hex digits and never the key itself: `onedoor hash` makes it from a key',
    description: 'SHA-256 of the key, as `onedoor hash` prints it.'
  }),
  tier: Type.Optional(Type.String({ minLength: 1, description: 'Claim `tier`, for `claim:tier` of a rate limit.' })),
  claims: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Further claims.' })),
  expires: Type.Optional(Type.String({
    description: 'When the key expires: a day (at 00:00 UTC) or an instant of RFC 3339.',
    examples: ['2027-01-31', '2027-01-31T12:00:00Z']
  }))
}, strict)

/** A key of the list. */
export type WrittenKey = Static<typeof KeySchema>

const KeysSchema = Type.Array(KeySchema, { maxItems: 1_000_000, description: 'The keys.' })

/** The content of a file of keys. */
export const KeyFileSchema = Type.Object({ keys: KeysSchema }, strict)

export const ApiKeyOptionsSchema = Type.Object({
  header: Type.Optional(Type.String({
    pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$',
    expected: 'the name of a header',
    description: 'Header field with the key; `x-api-key` if neither this nor `query` is set.'
  })),
  query: Type.Optional(Type.String({
    pattern: '^[A-Za-z0-9_.~-]+$',
    expected: 'the name of a parameter',
    description: 'Query parameter with the key, for clients that cannot send a header field. URLs appear in logs and browser histories.'
  })),
  keys: Type.Optional(KeysSchema),
  file: Type.Optional(Type.String({
    minLength: 1,
    description: 'File with the list `keys`, relative to the folder of gateway.yaml. It is read again when it changes; while it is ' +
      'invalid, the last valid version stays in use.',
    examples: ['./api-keys.yaml']
  })),
  identityHeaders: IdentityHeadersSchema,
  forwardKey: Type.Boolean({
    default: false,
    description: 'Whether the upstream gets the key too. When false, policies after this one do not see it either.'
  })
}, strict)

export type ApiKeyOptions = Static<typeof ApiKeyOptionsSchema>

const unfit: ReadonlySet<string> = new Set([
  'authorization', 'cookie', 'host', 'content-length', 'transfer-encoding', 'connection', 'te', 'upgrade', 'expect',
  'via'
])

/** Checks what the schema cannot express. */
export function checkApiKeyOptions ({ header, query, keys, file, identityHeaders }: ApiKeyOptions, report: Report): void {
  checkIdentityHeaders(identityHeaders, report)
  if (header !== undefined && query !== undefined) {
    report({
      pointer: '/query',
      message: 'cannot stand beside header: the key comes in one way',
      at: 'key',
      hint: 'any-of two policies takes both'
    })
  }
  if (header !== undefined && unfit.has(header.toLowerCase())) {
    report({ pointer: '/header', message: `must not be ${header}, which has another meaning` })
  }
  if (keys !== undefined && file !== undefined) report({ pointer: '/file', message: 'cannot stand beside keys', at: 'key' })
  if (keys === undefined && file === undefined) report({ pointer: '', message: 'needs keys to compare with: keys or file' })
  if (keys !== undefined) checkKeys(keys, report)
}

/** Checks the list of keys, in the options or in a file. Pointers begin with `/keys`. */
export function checkKeys (keys: readonly WrittenKey[], report: Report): void {
  const seen = new Map<string, number>()
  for (const [index, { hash, claims, expires }] of keys.entries()) {
    const pointer = `/keys/${index}`
    const same = seen.get(hash.toLowerCase())
    if (same !== undefined) report({ pointer: `${pointer}/hash`, message: `is the same key as that of item ${same + 1}` })
    seen.set(hash.toLowerCase(), index)
    if (expires !== undefined && instantOf(expires) === undefined) {
      report({
        pointer: `${pointer}/expires`,
        message: `expected a day or an instant of RFC 3339, got "${expires}"`,
        hint: '2027-01-31 or 2027-01-31T12:00:00Z'
      })
    }
    for (const name of ['sub', 'consumer', 'tier']) {
      if (claims !== undefined && Object.hasOwn(claims, name)) {
        report({
          pointer: `${pointer}/claims/${name}`,
          message: `is set by ${name === 'tier' ? 'tier' : 'consumer'} beside claims`,
          at: 'key'
        })
      }
    }
  }
}
