/** A query whose secret parameters have lost their values. */

import { redactedText } from './log-redaction.ts'

/** Replaces the values of parameters with these lower-case names, however they are encoded; `token[]` and `token[0]` are `token`. */
export function redactQuery (query: string, names: ReadonlySet<string>): string {
  return query.split('&').map(pair => {
    const equals = pair.indexOf('=')
    return equals !== -1 && names.has(nameOf(pair.slice(0, equals))) ? pair.slice(0, equals + 1) + redactedText : pair
  }).join('&')
}

function nameOf (text: string): string {
  const plain = /[%+]/.test(text) ? decoded(text) : text
  const bracket = plain.indexOf('[')
  return (bracket === -1 ? plain : plain.slice(0, bracket)).trim().toLowerCase()
}

function decoded (text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
