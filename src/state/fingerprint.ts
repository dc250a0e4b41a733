/** Fingerprints: numbers that stand for a text in state. */

import { hash } from 'node:crypto'

/** Hexadecimal digits of a fingerprint: 52 bits, which a cell holds exactly. */
const digits = 13

/** Returns the same number for the same text, and in all likelihood another one for another text. Never 0. Not meant for each request. */
export function fingerprint (text: string): number {
  return Number.parseInt(hash('sha256', text).slice(0, digits), 16) + 1
}
