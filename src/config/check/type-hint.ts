/** Hints for values of the wrong type. */
import { show } from '../schema/describe.ts'
import { jsonType, jsonTypes } from '../schema/json-schema.ts'
import type { JsonSchema } from '../schema/json-schema.ts'

const unitsToTry = { duration: ['s', 'ms'], size: ['kb', 'b'], rate: ['/s', '/m'] } as const

/** A hint for a value that `schema` does not accept; undefined when there is none. A secret is not repeated. */
export function hintForType (value: unknown, schema: JsonSchema, secret: boolean): string | undefined {
  const wanted = jsonTypes(schema)?.[0]
  if (schema.unit !== undefined && isNumber(value) && !secret) {
    const [first, second] = unitsToTry[schema.unit]
    return `write "${String(value)}${first}" or "${String(value)}${second}"`
  }
  if (value === null) return hintForNothing(schema, wanted)
  const type = jsonType(value)
  if (wanted === 'string' && isFreeText(schema) && (type === 'number' || type === 'boolean')) {
    return secret ? 'put it in quotes' : `put it in quotes: "${show(value)}"`
  }
  if (wanted === 'number' && typeof value === 'string' && isNumber(value)) return `write it without quotes${secret ? '' : `: ${value}`}`
  if (wanted === 'boolean' && typeof value === 'string') return booleanHint(value)
  const item = wanted === 'array' && schema.items !== undefined && jsonTypes(schema.items)
  if (!item || type === undefined || type === 'object' || !item.includes(type)) return undefined
  if (secret) return 'write a list'
  const items = typeof value === 'string' ? value.split(',').map(part => show(part.trim())).join(', ').slice(0, 120) : show(value)
  return `write a list: [${items}]`
}

function hintForNothing (schema: JsonSchema, wanted: string | undefined): string {
  if (wanted === 'array') return 'write its items below it, or remove the key'
  if (wanted !== 'object') return 'write a value, or remove the key'
  const optional = (schema.required ?? []).every((key) => 'default' in (schema.properties?.[key] ?? {}))
  return optional ? 'write its keys below it, indented, or {} for the defaults' : 'write its keys below it, indented, or remove the key'
}

function booleanHint (text: string): string | undefined {
  if (/^(true|yes|on|y)$/i.test(text)) return 'write true, without quotes'
  if (/^(false|no|off|n)$/i.test(text)) return 'write false, without quotes'
  return undefined
}

/** Whether a schema accepts any text: a number in quotes is neither a URL nor one of a few words. */
function isFreeText (schema: JsonSchema): boolean {
  return ['enum', 'const', 'format', 'pattern', 'unit'].every((keyword) => !(keyword in schema))
}

function isNumber (value: unknown): value is number | string {
  return typeof value === 'number' ? value >= 0 : typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)
}
