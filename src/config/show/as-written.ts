/** Converts a compiled configuration back to the form of the file: durations, sizes and rates as text, without derived values. */

import { atOnce, type Steps } from '../../scheduling/steps.ts'
import type { Loaded } from '../load.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { formatDuration, formatRate, formatSize, type RateValue } from '../schema/units.ts'
import type { PluginEntry } from '../types.ts'

/**
 * Returns the configuration as it would be written, with all defaults.
 * @param shown the configuration without secrets
 */
export function asWritten (loaded: Loaded, shown: unknown): unknown {
  return atOnce(asWrittenInSteps(loaded, shown))
}

/** The same in steps. */
export function * asWrittenInSteps ({ config, schema, plugins }: Loaded, shown: unknown): Steps<unknown> {
  const { upstreams, ...rest } = shown as Record<string, unknown>
  const written = { ...rest, upstreams: withoutTargets(upstreams as Record<string, unknown>, config) }
  // In the order of the schema, which is that of the file.
  const properties = withOptions(schema.file as unknown as JsonSchema, config, plugins).properties!
  const ordered: Record<string, unknown> = {}
  for (const [key, described] of Object.entries(properties)) {
    if (!Object.hasOwn(written, key)) continue
    ordered[key] = textOf([described], (written as Record<string, unknown>)[key])
    yield
  }
  return ordered
}

/** Removes the upstreams that were derived from the `target` of a route. */
function withoutTargets (upstreams: Readonly<Record<string, unknown>>, { routes }: Loaded['config']): Record<string, unknown> {
  const targets = new Set(routes.map(({ target }) => target))
  return Object.fromEntries(Object.entries(upstreams).filter(([name]) => !targets.has(name)))
}

/** Returns the schema of the file, with the options of its plugins in their places. */
function withOptions (file: JsonSchema, { policies, plugins: entries }: Loaded['config'], plugins: Loaded['plugins']): JsonSchema {
  const described = (entry: PluginEntry): JsonSchema => (plugins.get(entry.plugin)?.config?.options ?? {}) as JsonSchema
  return {
    properties: {
      ...file.properties,
      policies: { properties: Object.fromEntries(Object.entries(policies).map(([name, entry]) => [name, described(entry)])) },
      plugins: { prefixItems: entries.map(described) }
    }
  }
}

/** `schemas` are all that may hold for the value. */
function textOf (schemas: readonly JsonSchema[], value: unknown): unknown {
  const all = schemas.flatMap(flatten)
  const unit = all.find(schema => schema.unit !== undefined)?.unit
  if (unit !== undefined) return unitText(unit, value)
  if (Array.isArray(value)) return value.map((item, index) => textOf(all.flatMap(schema => itemSchema(schema, index)), item))
  if (typeof value !== 'object' || value === null) return value
  const entries = inOrderOf(all, value)
  return Object.fromEntries(entries.map(([key, inner]) => [key, textOf(all.flatMap(schema => entrySchema(schema, key)), inner)]))
}

/** In the order of the schema, so that a key has the same place whether it is written or left out; others follow. */
function inOrderOf (schemas: readonly JsonSchema[], value: object): [string, unknown][] {
  const known = [...new Set(schemas.flatMap(({ properties = {} }) => Object.keys(properties)))]
  const rank = new Map(known.map((key, index) => [key, index]))
  const rankOf = (key: string): number => rank.get(key) ?? known.length
  return Object.entries(value).toSorted(([a], [b]) => rankOf(a) - rankOf(b))
}

function unitText (unit: NonNullable<JsonSchema['unit']>, value: unknown): unknown {
  if (unit === 'rate') return typeof value === 'object' && value !== null ? formatRate(value as RateValue) : value
  if (typeof value !== 'number') return value
  return unit === 'duration' ? formatDuration(value) : formatSize(value)
}

function flatten (schema: JsonSchema): JsonSchema[] {
  return [schema, ...[...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? []].flatMap(flatten)]
}

function itemSchema (schema: JsonSchema, index: number): JsonSchema[] {
  const tuple = schema['prefixItems'] as readonly JsonSchema[] | undefined
  const item = tuple?.[index] ?? schema.items
  return item === undefined ? [] : [item]
}

function entrySchema ({ properties, patternProperties, additionalProperties }: JsonSchema, key: string): JsonSchema[] {
  if (properties !== undefined && Object.hasOwn(properties, key)) return [properties[key]!]
  const fitting = Object.entries(patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, inner]) => inner)
  return fitting.length === 0 && typeof additionalProperties === 'object' ? [additionalProperties] : fitting
}
