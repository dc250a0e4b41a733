/** A `stripPrefix` that takes nothing off. */

import { decodeOrKeep } from '../../../src/http/index.ts'

/** Why no path of the route begins with the prefix, for a person who wrote both; undefined where one may. */
export function stripPrefixProblem (prefix: string, path: string): string | undefined {
  const own = path.split('/')
  for (const [index, segment] of prefix.replace(/\/$/, '').split('/').entries()) {
    const matched = own[index]
    if (matched === segment && (segment === '*' || isParameter(segment))) {
      return `"stripPrefix" takes no parameters, and "${segment}" would be taken literally; use "rewrite"`
    }
    // The wildcard is the last one, and what it takes is not known.
    if (matched === '*') return undefined
    if (matched !== undefined && isParameter(matched)) continue
    if (matched === undefined || decodeOrKeep(matched.replaceAll('::', ':')) !== decodeOrKeep(segment)) {
      return `no path of this route begins with "${prefix}": nothing would be taken off`
    }
  }
  return undefined
}

/** Whether a segment of a route's path has a parameter in it. */
function isParameter (segment: string): boolean {
  return /(?<!:):[A-Za-z_]/.test(segment)
}
