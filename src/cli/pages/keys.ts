/** Lists of the keys of a schema, for the reference pages. */

import { describe } from '../../config/schema/describe.ts'
import type { JsonSchema } from '../../config/schema/json-schema.ts'
import { units } from '../../config/schema/units.ts'
import { item, wrap } from './markdown.ts'

/** One item of a list. */
interface Key {
  readonly key: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** A heading, the description of a schema, and the list of its keys. */
export function section (name: string, level: number, schema: JsonSchema): string {
  const value = schema.properties === undefined ? `Type: ${typeOf(schema)}${defaultOf(schema) === '' ? '' : `, default ${defaultOf(schema)}`}.` : ''
  return [heading(name, level, [textOf(schema), value].filter(part => part !== '').join(' ')), keyList(schema)].filter(part => part !== '').join('\n\n')
}

/** A heading and the paragraph below it. */
export function heading (name: string, level: number, description: string): string {
  return `${'#'.repeat(level)} \`${name}\`${description === '' ? '' : `\n\n${wrap(description)}`}`
}

/** The keys of a mapping, those of nested mappings included; empty for what is no mapping. */
export function keyList (schema: JsonSchema): string {
  return keysOf(schema, '').map(line).join('\n')
}

/** The description of a schema. */
export function textOf (schema: JsonSchema): string {
  const { description = '', secret } = schema as JsonSchema & { readonly description?: string }
  return secret === true ? `${description} Never shown.`.trim() : description
}

/** Nested mappings are spread out. A value that may be one of several things has one item, and its mappings follow. */
function keysOf ({ properties = {}, required = [] }: JsonSchema, prefix: string): Key[] {
  return Object.entries(properties).flatMap(([name, schema]): Key[] => {
    const key = prefix + name
    const entry = { key, schema, required: required.includes(name) && schema['default'] === undefined }
    const nested = nestedIn(schema, key)
    return nested.length > 0 && schema.properties !== undefined && textOf(schema) === '' ? nested : [entry, ...nested]
  })
}

function nestedIn (schema: JsonSchema, key: string): Key[] {
  if (schema.properties !== undefined) return keysOf(schema, `${key}.`)
  if (schema.items !== undefined) return nestedIn(schema.items, `${key}[]`)
  const seen = new Set<string>()
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(branch => nestedIn(branch, key)).filter(({ key: inner }) => !seen.has(inner) && seen.add(inner))
}

function line ({ key, schema, required }: Key): string {
  const described = [textOf(schema), exampleOf(schema)].filter(part => part !== '').join(' ')
  const preset = defaultOf(schema)
  const facts = [typeOf(schema), required ? '**required**' : '', preset === '' ? '' : `default ${preset}`].filter(part => part !== '').join(', ')
  return item(`**\`${key}\`** (${facts})${described === '' ? '' : `: ${described}`}`)
}

function typeOf (schema: JsonSchema): string {
  const limits = limitsOf(schema)
  if (schema.unit !== undefined) return `*${schema.unit}*${limits}`
  if (schema.enum !== undefined && schema.enum.length > 1) return schema.enum.map(code).join(', ')
  if (schema.expected === undefined && schema.type === 'array' && schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  if (schema.expected === undefined && (schema.type === undefined && schema.anyOf === undefined && schema.oneOf === undefined)) return 'anything'
  return describe(schema) + limits
}

function limitsOf (schema: JsonSchema): string {
  const { minimum, maximum, atLeast, atMost } = schema as { readonly [keyword in 'minimum' | 'maximum' | 'atLeast' | 'atMost']?: string | number }
  // With both, the words for the type have them.
  if (minimum !== undefined && maximum !== undefined) return ''
  const least = atLeast ?? minimum
  const most = atMost ?? maximum
  return (least === undefined ? '' : `, at least ${least}`) + (most === undefined ? '' : `, at most ${most}`)
}

function defaultOf (schema: JsonSchema): string {
  const value = schema['default']
  // The items below have what an empty mapping is filled with.
  const filledBelow = schema.properties !== undefined && typeof value === 'object'
  return value === undefined || filledBelow ? '' : code(value)
}

/** Examples of units are the same everywhere and stand at the top of the page. */
function exampleOf (schema: JsonSchema): string {
  const { examples: given, unit } = schema as JsonSchema & { readonly examples?: readonly unknown[] }
  const own = unit !== undefined && JSON.stringify(given) === JSON.stringify(units[unit].examples) ? [] : given ?? []
  return own.length === 0 ? '' : `Example: ${own.map(code).join(', ')}.`
}

/** A value as one would write it in YAML. */
function code (value: unknown): string {
  return `\`${flow(value)}\``
}

function flow (value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
