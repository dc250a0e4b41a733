/** The tokens of the admin listener, and the roles they give. */

import { hash, timingSafeEqual } from 'node:crypto'
import type { Config, OperatorRole } from '../../../src/index.ts'

/** What the tokens of a configuration let in. */
export interface Tokens {
  /** Whether there are any. Where there are none, everybody may operate. */
  readonly any: boolean
  /** A digest of all of them: another one after any of them has changed. */
  readonly digest: string
  /** The role that a token gives; undefined for any other text. Its time tells nothing of the tokens. */
  roleOf (token: string): OperatorRole | undefined
}

/** Reads the tokens; empty ones are none. */
export function readTokens (admin: Config['admin']): Tokens {
  const [operate, view] = [tokenOf(admin.token), tokenOf(admin.viewToken)]
  const known = ([['operate', operate], ['view', view]] as const).flatMap(([role, token]) => {
    return token === undefined ? [] : [{ role, digest: digestOf(token) }]
  })
  return {
    any: known.length > 0,
    digest: hash('sha256', JSON.stringify([operate, view]), 'base64'),
    roleOf: token => {
      // Digests have equal lengths, so the time reveals neither length nor content. All are compared.
      const asked = digestOf(token)
      return known.filter(({ digest }) => timingSafeEqual(digest, asked))[0]?.role
    }
  }
}

/** The token of a value; undefined for an empty text. */
export function tokenOf (value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function digestOf (text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
