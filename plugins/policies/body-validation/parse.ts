/** Parses a body as JSON that every parser reads the same way. */

import { repeatedMember } from '../../../src/http/index.ts'

/** The value, or the problem in words for the client. */
export type Parsed = { readonly value: unknown } | { readonly problem: string }

/**
 * Reads JSON (RFC 8259). Bytes that are not UTF-8, and objects with two members of one name, are rejected, because the
 * upstream could read them differently.
 */
export function parseJson (body: Buffer): Parsed {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return { problem: 'must be UTF-8' }
  }
  try {
    const value: unknown = JSON.parse(text)
    return repeatedMember(text) === undefined ? { value } : { problem: 'must not have two members of one name in an object' }
  } catch {
    return { problem: 'must be JSON' }
  }
}
