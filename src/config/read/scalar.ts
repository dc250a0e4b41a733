/** Determines the type of a YAML scalar by the core schema of YAML 1.2 (§10.3). */
import { boolCoreTag, floatCoreTag, intCoreTag, NOT_RESOLVED, nullCoreTag } from 'js-yaml'

const tags = { '!!null': nullCoreTag, '!!bool': boolCoreTag, '!!int': intCoreTag, '!!float': floatCoreTag }

export type Scalar = string | number | boolean | null

/**
 * Returns the value of an unquoted scalar without a tag: `8080` is a number, `true` a boolean, an empty text or `~` null, all else text.
 */
export function typeScalar (text: string): Scalar {
  for (const tag of Object.values(tags)) {
    const value = tag.resolve(text, false, tag.tagName)
    if (value !== NOT_RESOLVED) return value
  }
  return text
}

/** Returns the value of a scalar with an explicit tag; undefined when the tag is unknown or the text does not match it. */
export function typeTagged (text: string, tag: string): Scalar | undefined {
  if (tag === '!' || tag === '!!str') return text
  const known = tags[tag as keyof typeof tags]
  const value = known?.resolve(text, true, known.tagName)
  return value === NOT_RESOLVED ? undefined : value
}
