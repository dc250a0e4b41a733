/** Formats the keys of a schema as lists for the reference pages. */

import { describe } from '../../config/schema/describe.ts'
import type { JsonSchema } from '../../config/schema/json-schema.ts'
import { units } from '../../config/schema/units.ts'
import { item, wrap } from './markdown.ts'

/** An item of the list. */
interface Key {
  readonly key: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** A heading, the description of a schema, and the list of its keys. */
export function section (name: string, level: number, schema: JsonSchema): string {
  const value = schema.properties === undefined
    ? `Type: ${typeOf(schema)}${defaultOf(schema) === '' ? '' : `, default ${defaultOf(schema)}`}.`
    : ''
  return [
    heading(name, level, [textOf(schema), value].filter(part => part !== '').join(' ')),
    keyList(schema)
  ].filter(part => part !== '').join('\n\n')
}

/** A heading and the paragraph below it. */
export function heading (name: string, level: number, description: string): string {
  return `${'#'.repeat(level)} \`${name}\`${description === '' ? '' : `\n\n${wrap(description)}`}`
}

/** Lists the keys of a mapping, including those of nested mappings; empty for other schemas. */
export function keyList (schema: JsonSchema): string {
  return keysOf(schema, '').map(line).join('\n')
}

/** Returns the description of a schema. */
export function textOf (schema: JsonSchema): string {
  const { description = '', secret } = schema as JsonSchema & { readonly description?: string }
  return secret === true ? `${description} Never shown.`.trim() : description
}

/** Flattens nested mappings. A value with alternatives has one item, followed by the keys of its mappings. */
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
  return (schema.anyOf ?? schema.oneOf ?? [])
    .flatMap(branch => nestedIn(branch, key))
    .filter(({ key: inner }) => !seen.has(inner) && seen.add(inner))
}

function line ({ key, schema, required }: Key): string {
  const described = [textOf(schema), exampleOf(schema)].filter(part => part !== '').join(' ')
  const preset = defaultOf(schema)
  const facts = [
    typeOf(schema),
    required ? '**required**' : '',
    preset === '' ? '' : `default ${preset}`
  ].filter(part => part !== '').join(', ')
  return item(`**\`${key}\`** (${facts})${described === '' ? '' : `: ${described}`}`)
}

function typeOf (schema: JsonSchema): string {
  const limits = limitsOf(schema)
  if (schema.unit !== undefined) return `*${schema.unit}*${limits}`
  if (schema.enum !== undefined && schema.enum.length > 1) return schema.enum.map(code).join(', ')
  if (schema.expected === undefined && schema.type === 'array' && schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  if (schema.expected === undefined && (schema.type === undefined && schema.anyOf === undefined && schema.oneOf === undefined)) {
    return 'anything'
  }
  return describe(schema) + limits
}

function limitsOf (schema: JsonSchema): string {
  const {
    minimum,
    maximum,
    atLeast,
    atMost
  } = schema as { readonly [keyword in 'minimum' | 'maximum' | 'atLeast' | 'atMost']?: string | number }
  // With both, the name of the type contains them.
  if (minimum !== undefined && maximum !== undefined) return ''
  const least = atLeast ?? minimum
  const most = atMost ?? maximum
  return (least === undefined ? '' : `, at least ${least}`) + (most === undefined ? '' : `, at most ${most}`)
}

function defaultOf (schema: JsonSchema): string {
  const value = schema['default']
  // The keys of the mapping, which are listed below, have their own defaults.
  const filledBelow = schema.properties !== undefined && typeof value === 'object'
  return value === undefined || filledBelow ? '' : code(value)
}

/** Returns examples. Those of units are at the top of the page. */
function exampleOf (schema: JsonSchema): string {
  const { examples: given, unit } = schema as JsonSchema & { readonly examples?: readonly unknown[] }
  const own = unit !== undefined && JSON.stringify(given) === JSON.stringify(units[unit].examples) ? [] : given ?? []
  return own.length === 0 ? '' : `Example: ${own.map(code).join(', ')}.`
}

/** Formats a value as it is written in YAML. */
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
