/** Where a document has its secrets, and its text without them. */

import type { TSchema } from 'typebox'
import type { Document } from './document.ts'
import type { JsonSchema } from './json-schema.ts'
import { child } from './pointer.ts'
import type { Position } from './problem.ts'

/** The text of the document's files with stars in the place of all that is secret by `schema` or comes from a `${file:…}`. */
export function maskedSource (document: Document, schema: TSchema): (file: string) => string | undefined {
  const pointers = [...document.secrets, ...secretPointers(schema as JsonSchema, document.value, '')]
  const places = pointers.map(pointer => document.locate(pointer)).filter(position => position !== undefined)
  return file => {
    const text = document.source(file)
    return text === undefined ? undefined : masked(text, places.filter(place => place.file === file))
  }
}

/** Pointers of the texts, and of whatever stands in their place, that a schema calls secret. */
export function * secretPointers (schema: JsonSchema, value: unknown, pointer: string): Generator<string> {
  if (schema.secret === true) yield pointer
  for (const branch of [schema.anyOf, schema.oneOf, schema.allOf].flatMap(branches => branches ?? [])) yield * secretPointers(branch, value, pointer)
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const [index, item] of value.entries()) yield * secretPointers(schema.items, item, child(pointer, index))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) for (const inner of schemasOf(schema, key)) yield * secretPointers(inner, item, child(pointer, key))
  }
}

function schemasOf ({ properties, patternProperties, additionalProperties }: JsonSchema, key: string): JsonSchema[] {
  if (properties !== undefined && Object.hasOwn(properties, key)) return [properties[key]!]
  const fitting = Object.entries(patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern, 'u').test(key)).map(([, inner]) => inner)
  return fitting.length === 0 && typeof additionalProperties === 'object' ? [additionalProperties] : fitting
}

/** Stars for every place, as long as the text: columns stay what they are. A text of several lines is masked in the first, and gone from the others. */
function masked (text: string, places: readonly Position[]): string {
  const lines = text.split(/\r\n|\n|\r/)
  for (const { line, column, length } of places) {
    const written = lines[line - 1] ?? ''
    const start = column - 1
    const here = Math.min(length, written.length - start)
    lines[line - 1] = written.slice(0, start) + '*'.repeat(Math.max(0, here)) + written.slice(start + here)
    for (let left = length - here - 1, next = line; left > 0 && next < lines.length; next++) {
      left -= lines[next]!.length + 1
      lines[next] = ''
    }
  }
  return lines.join('\n')
}
