/** What a rehearsal cannot find out about a client, because it asks no service. */

import type { Admitted, Claims } from '../contract/authentication.ts'

/** Stands for a value that is not known. */
export const unknownText = '(unknown)'

/**
 * A verdict of a rehearsal: the request goes on, and the result says that the policy might reject it.
 * @param why what is not known
 * @param fields names of the header fields that the policy might set for the upstream, in lower case
 */
export function unknownVerdict (why: string, fields: readonly string[] = []): Admitted {
  return { admitted: true, unknown: true, why, fields: fields.flatMap(name => [name, unknownText]) }
}

/** Claims of which only those in `known` are certain. Every other one reads as {@link unknownText}. */
export function unknownClaims (known: Claims | null): Claims {
  return new Proxy(known ?? {}, {
    get: (target, name) => Reflect.get(target, name) ?? (typeof name === 'string' ? unknownText : undefined),
    getOwnPropertyDescriptor: (target, name) => Reflect.getOwnPropertyDescriptor(target, name) ??
      (typeof name === 'string' ? { value: unknownText, configurable: true, enumerable: false, writable: false } : undefined)
  })
}
