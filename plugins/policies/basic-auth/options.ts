/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { checkIdentityHeaders, Duration, IdentityHeadersSchema, parsePasswordHash, type Report, Secret } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

const UsersSchema = Type.Record(Type.String(), Secret({
  pattern: '^scrypt:',
  expected: 'scrypt:N:r:p:salt:hash and never the password itself: `onedoor hash --password` makes it from a password'
}), {
  description: 'Users, each with the hash of the password as `onedoor hash --password` prints it.'
})

/** Users and their password hashes. */
export type WrittenUsers = Static<typeof UsersSchema>

/** The content of a file of users. */
export const UserFileSchema = Type.Object({ users: UsersSchema }, strict)

export const BasicAuthOptionsSchema = Type.Object({
  users: Type.Optional(UsersSchema),
  file: Type.Optional(Type.String({
    minLength: 1,
    description: 'File with the mapping `users`, relative to the folder of gateway.yaml. It is read again when it changes; while it is ' +
      'invalid, the last valid version stays in use.',
    examples: ['./users.yaml']
  })),
  cache: Type.Object({
    ttl: Duration({
      default: '5m',
      maximum: '1d',
      description: 'How long a correct password is not hashed again. A change of `users` clears the cache.'
    }),
    negativeTtl: Duration({ default: '10s', maximum: '1h', description: 'How long a wrong password is not hashed again.' }),
    maximum: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'The most entries of each kind. The least recently used are evicted first.'
    })
  }, { ...strict, default: {}, description: 'Caches the result for a credential, under a keyed digest.' }),
  identityHeaders: IdentityHeadersSchema,
  forwardCredential: Type.Boolean({
    default: false,
    description: 'Whether the upstream gets the Authorization header too. When false, policies after this one do not see it either.'
  })
}, strict)

export type BasicAuthOptions = Static<typeof BasicAuthOptionsSchema>

/** Checks what the schema cannot express. */
export function checkBasicAuthOptions ({ users, file, identityHeaders }: BasicAuthOptions, report: Report): void {
  checkIdentityHeaders(identityHeaders, report)
  if (users !== undefined && file !== undefined) report({ pointer: '/file', message: 'cannot stand beside users', at: 'key' })
  if (users === undefined && file === undefined) report({ pointer: '', message: 'needs users: users or file' })
  if (users !== undefined) checkUsers(users, report)
}

/** Checks the mapping of users, in the options or in a file. Pointers begin with `/users`. */
export function checkUsers (users: WrittenUsers, report: Report): void {
  for (const [name, text] of Object.entries(users)) {
    const pointer = child('/users', name)
    // RFC 7617 §2: a name has no colon, which would end it, and no control characters.
    if (name === '' || /[:\p{Cc}]/u.test(name)) {
      report({ pointer, at: 'key', message: 'expected a name without colon and control characters' })
    }
    const hash = parsePasswordHash(text)
    if ('problem' in hash) report({ pointer, message: hash.problem, hint: 'onedoor hash --password' })
  }
}
