/**
 * All keywords that an Ajv accepts in a schema.
 *
 * Relies on: `RULES.keywords` has a member for each, those without a meaning such as `title` included. The
 * documented `getKeyword` does not know the latter.
 * Checked with ajv 8.20.0.
 * Without it: the process throws a TypeError when a `body-validation` policy is checked.
 */

import type { Ajv } from 'ajv'

/** Their names. */
export function keywordsOf (ajv: Ajv): ReadonlySet<string> {
  return new Set(Object.keys(ajv.RULES.keywords))
}
