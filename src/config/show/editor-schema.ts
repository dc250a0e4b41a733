/** The schema of gateway.yaml for editors: converts the schema of the configuration to plain JSON Schema (draft-07). */

import type { JsonSchema } from '../schema/json-schema.ts'
import { units } from '../schema/units.ts'

/** Patterns of values with units. The parsers, such as `parseDuration`, are authoritative. */
const unitPatterns = {
  duration: '^(?=\\d)(\\d+(\\.\\d+)?d)?(\\d+(\\.\\d+)?h)?(\\d+(\\.\\d+)?m(?!s))?(\\d+(\\.\\d+)?s)?(\\d+(\\.\\d+)?ms)?$',
  size: '^\\d+(\\.\\d+)?([kKmMgGtT][iI]?)?[bB]$',
  rate: '^\\d+/(?=[\\ddhms])(?:(\\d+(\\.\\d+)?d)?(\\d+(\\.\\d+)?h)?(\\d+(\\.\\d+)?m(?!s))?(\\d+(\\.\\d+)?s)?(\\d+(\\.\\d+)?ms)?' +
    '|d|h|m|s|ms)$'
} as const

/** A scalar with a variable or file is accepted here. The gateway validates its value. */
const interpolated: JsonSchema = { type: 'string', pattern: '\\$\\{' }

/** Keywords of the gateway, which editors do not know. */
const own = new Set(['unit', 'secret', 'expected', 'atLeast', 'atMost', 'span', 'order'])

/** Keywords that stay beside `anyOf`, because editors show them. */
const notes = new Set(['title', 'description', 'default', 'examples'])

/** A plugin for `policies` or `plugins`, with its options. */
export interface DescribedPlugin {
  readonly name: string
  readonly options: JsonSchema
}

/**
 * Returns the schema for editors.
 * @param file the composed schema of the file
 * @param plugins the plugins with described options; any other plugin may have any options
 */
export function editorSchema (file: JsonSchema, plugins: readonly DescribedPlugin[]): JsonSchema {
  const { properties = {} } = file
  const use = pluginUse(plugins)
  const policies = convert(properties['policies']!)
  const entries = convert(properties['plugins']!)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'gateway.yaml',
    description: 'The configuration of the gateway.',
    // Without `required`, because the routes may be in an included file, which may contain nothing else.
    ...convert({ ...file, required: [] }),
    properties: {
      include,
      ...convertAll(properties),
      policies: {
        ...policies,
        patternProperties: { ...mapValues(properties['policies']!.patternProperties ?? {}, () => use), ...freeKeys }
      },
      plugins: { ...entries, items: { anyOf: [{ type: 'string', description: 'A plugin without options.' }, use] } }
    }
  }
}

const freeKeys = { '^x-': {} } as const

const include: JsonSchema = {
  description: 'Further files that are merged into this one, relative to it; `*` is allowed.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
  examples: [['routes/*.yaml']]
}

/** A use of a plugin: its name, and the options for that name. */
function pluginUse (plugins: readonly DescribedPlugin[]): JsonSchema {
  const plugin: JsonSchema = {
    description: 'A built-in plugin by name, your own by path (`./plugins/stamp.ts`), or a package.',
    anyOf: [{ enum: plugins.map(({ name }) => name) }, { type: 'string' }]
  }
  return {
    type: 'object',
    required: ['plugin'],
    properties: { plugin },
    allOf: plugins.map(({ name, options }) => {
      const { properties, ...then } = convert(options)
      return {
        if: { required: ['plugin'], properties: { plugin: { const: name } } },
        then: { ...then, properties: { plugin: {}, ...properties } }
      }
    })
  }
}

function convert (schema: JsonSchema): JsonSchema {
  const { required, properties, patternProperties, items, anyOf, oneOf, allOf, additionalProperties, ...rest } = schema
  const plain: Record<string, unknown> = Object.fromEntries(Object.entries(rest).filter(([keyword]) => !own.has(keyword)))
  const description = describe(schema)
  if (description !== undefined) plain['description'] = description
  if (schema.unit !== undefined) plain['pattern'] = unitPatterns[schema.unit]
  if (properties !== undefined) plain['properties'] = convertAll(properties)
  if (patternProperties !== undefined) plain['patternProperties'] = convertAll(patternProperties)
  if (items !== undefined) plain['items'] = convert(items)
  const branches = anyOf ?? oneOf
  if (branches !== undefined) plain['anyOf'] = branches.map(convert)
  if (allOf !== undefined) plain['allOf'] = allOf.map(convert)
  const needed = required?.filter(key => properties?.[key]?.['default'] === undefined) ?? []
  if (needed.length > 0) plain['required'] = needed
  if (additionalProperties === undefined) return letVariablesPass(plain)
  plain['additionalProperties'] = typeof additionalProperties === 'object' ? convert(additionalProperties) : additionalProperties
  if (additionalProperties === false) plain['patternProperties'] = { ...plain['patternProperties'] as object | undefined, ...freeKeys }
  return plain
}

/** Accepts text such as `${PORT:-8080}` for every scalar. */
function letVariablesPass (schema: Record<string, unknown>): JsonSchema {
  const { type, anyOf } = schema
  if (Array.isArray(anyOf)) {
    return anyOf.some(isOpen) ? schema : { ...schema, anyOf: [...(anyOf as JsonSchema[]).map(unchoice), interpolated] }
  }
  const scalar = type === 'string' || type === 'number' || type === 'integer' || type === 'boolean' || (
    type === undefined && ('enum' in schema || 'const' in schema)
  )
  if (!scalar || isOpen(schema)) return schema
  const told = Object.entries(schema).filter(([keyword]) => notes.has(keyword))
  const tested = Object.entries(schema).filter(([keyword]) => !notes.has(keyword))
  return { ...Object.fromEntries(told), anyOf: [Object.fromEntries(tested), interpolated] }
}

/** Removes the alternative for variables from a branch, because the outer choice has it already. */
function unchoice (branch: JsonSchema): JsonSchema {
  const { anyOf, ...told } = branch
  return anyOf?.length === 2 && anyOf[1] === interpolated ? { ...told, ...anyOf[0] } : branch
}

/** Whether a schema accepts any text anyway. */
function isOpen (schema: unknown): boolean {
  const {
    type,
    pattern,
    enum: words,
    const: word,
    format,
    maxLength
  } = schema as JsonSchema & { pattern?: string, format?: string, maxLength?: number }
  return type === 'string' && [pattern, words, word, format, maxLength].every(keyword => keyword === undefined)
}

/** Returns the text for people: the description, the form of the value, its limits, and whether it is secret. */
function describe (schema: JsonSchema): string | undefined {
  const {
    description,
    unit,
    secret,
    expected,
    atLeast,
    atMost
  } = schema as JsonSchema & { readonly [keyword in 'description' | 'atLeast' | 'atMost']?: string }
  const form = unit === undefined ? expected : `${units[unit].noun} such as ${units[unit].examples.join(', ')}`
  const sentences = [
    description,
    form === undefined ? undefined : `Expected: ${form}.`,
    atLeast === undefined ? undefined : `At least ${atLeast}.`,
    atMost === undefined ? undefined : `At most ${atMost}.`,
    secret === true ? 'Never shown.' : undefined
  ].filter(sentence => sentence !== undefined)
  return sentences.length === 0 ? undefined : sentences.join(' ')
}

function convertAll (schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return mapValues(schemas, convert)
}

function mapValues (schemas: Readonly<Record<string, JsonSchema>>, change: (schema: JsonSchema) => JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, change(schema)]))
}
