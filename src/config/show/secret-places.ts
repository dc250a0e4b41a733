/** Finds the secrets of a document, and masks them in its text. */

import type { TSchema } from '#typebox'
import type { Document } from '../read/document.ts'
import { isSecret, type JsonSchema } from '../schema/json-schema.ts'
import { child } from '../pointer.ts'
import type { Position } from '../check/problem.ts'

/** Returns the texts of the files of a document, with stars in place of values that are secret by `schema` or come from a `${file:…}`. */
export function maskedSource (document: Document, schema: TSchema): (file: string) => string | undefined {
  const pointers = [...document.secrets, ...secretPointers(schema as JsonSchema, document.value, '')]
  const placed = (all: Iterable<string>): Position[] => [...all].flatMap(pointer => [document.locate(pointer)])
    .filter(position => position !== undefined)
  const secrets = placed(pointers)
  const everything = [...pointersOf(document.value, '')]
  const begins = [...placed(everything), ...everything.flatMap(pointer => document.locate(pointer, 'key') ?? [])]
  return file => {
    const text = document.source(file)
    if (text === undefined) return undefined
    const lines = new Set(begins.filter(place => place.file === file).map(({ line }) => line))
    return masked(text, secrets.filter(place => place.file === file), lines)
  }
}

/** Returns the pointers of secret values: of scalars, and of all scalars in a mapping or list in place of a secret. */
export function * secretPointers (schema: JsonSchema, value: unknown, pointer: string): Generator<string> {
  if (!hasSecrets(schema)) return
  if (isSecret(schema, value)) yield * scalarsOf(value, pointer)
  for (const branch of [schema.anyOf, schema.oneOf, schema.allOf].flatMap(branches => branches ?? [])) {
    yield * secretPointers(branch, value, pointer)
  }
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const [index, item] of value.entries()) yield * secretPointers(
      schema.items,
      item,
      child(pointer, index)
    )
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const inner of schemasOf(schema, key)) yield * secretPointers(inner, item, child(pointer, key))
    }
  }
}

const known = new WeakMap<JsonSchema, boolean>()

/** Whether a schema contains a secret. Without one its value need not be searched. */
function hasSecrets (schema: JsonSchema): boolean {
  if (typeof schema !== 'object') return false
  let found = known.get(schema)
  if (found === undefined) {
    const inner = [schema.properties, schema.patternProperties].flatMap(map => Object.values(map ?? {}))
    const further = [schema.items, schema.additionalProperties].filter(one => typeof one === 'object')
    found = schema.secret === true || schema.secret === 'pem' || [
      ...inner, ...further, ...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? []
    ].some(hasSecrets)
    known.set(schema, found)
  }
  return found
}

function * scalarsOf (value: unknown, pointer: string): Generator<string> {
  if (typeof value !== 'object' || value === null) yield pointer
  else for (const [key, item] of Object.entries(value)) yield * scalarsOf(item, child(pointer, key))
}

function * pointersOf (value: unknown, pointer: string): Generator<string> {
  if (pointer !== '') yield pointer
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield * pointersOf(item, child(pointer, key))
  }
}

function schemasOf ({ properties, patternProperties, additionalProperties }: JsonSchema, key: string): JsonSchema[] {
  if (properties !== undefined && Object.hasOwn(properties, key)) return [properties[key]!]
  const fitting = Object.entries(patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, inner]) => inner)
  return fitting.length === 0 && typeof additionalProperties === 'object' ? [additionalProperties] : fitting
}

/**
 * Replaces every secret with stars of the same length, so that columns stay the same. The further lines of a secret, up to the next line
 * where another value begins, are removed.
 */
function masked (text: string, secrets: readonly Position[], begins: ReadonlySet<number>): string {
  const lines = text.split(/\r\n|\n|\r/)
  for (const { line, column, length } of secrets) {
    const written = lines[line - 1] ?? ''
    const start = column - 1
    lines[line - 1] = written.slice(
      0,
      start
    ) + '*'.repeat(Math.min(length, Math.max(0, written.length - start))) + written.slice(start + length)
    for (let next = line + 1; next <= lines.length && !begins.has(next); next++) lines[next - 1] = ''
  }
  return lines.join('\n')
}
