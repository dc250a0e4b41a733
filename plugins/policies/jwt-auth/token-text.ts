/** Checks whether a value can be a token before it is decoded. */

import type { Bearer } from '../../../src/index.ts'

/** The most characters of a token. */
const longest = 16 * 1024

const missing: Bearer = { kind: 'missing' }
const tooLong: Bearer = { kind: 'malformed', why: `longer than ${longest} characters` }
const unreadable: Bearer = { kind: 'malformed', why: 'not of the letters of a token' }
const repeated: Bearer = { kind: 'malformed', why: 'more than one token' }

export function bounded (bearer: Bearer): Bearer {
  return bearer.kind === 'token' && bearer.token.length > longest ? tooLong : bearer
}

/** Checks the values found in the place of the token. There must be exactly one. */
export function judged (values: readonly string[]): Bearer {
  const [token, second] = values
  if (second !== undefined) return repeated
  if (token === undefined || token === '') return missing
  if (token.length > longest) return tooLong
  return /^[\w.-]+$/.test(token) ? { kind: 'token', token } : unreadable
}
