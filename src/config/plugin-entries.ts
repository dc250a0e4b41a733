/** The entries of `policies` and `plugins`: loads their plugins, finds the schemas of their options, and validates the options. */

import type { PluginModule, Report } from '../contract/plugin.ts'
import { filesOf, needsRestart, refreshCode } from '../gateway/plugin-code.ts'
import { fileOf, isBuiltIn, loadPlugin, PluginNotLoaded } from '../gateway/plugin-loading.ts'
import type { LoadedPlugins } from '../gateway/policies.ts'
import { checkExports } from './check/plugin-exports.ts'
import { dropTakenKeys } from './check/taken-keys.ts'
import { PluginFault } from './check/plugin-functions.ts'
import type { Problem } from './check/problem.ts'
import { validate } from './check/validate.ts'
import { child } from './pointer.ts'
import type { Composition } from './schema/compose.ts'
import type { JsonSchema } from './schema/json-schema.ts'
import type { SeenFiles } from './read/text-file.ts'
import { secretPointers } from './show/secret-places.ts'
import type { PluginEntry } from './types.ts'

/** The root of a file, with `plugins: [./gate.ts]` written out as `plugins: [{ plugin: ./gate.ts }]`. */
export function withPluginEntries (value: unknown): Record<string, unknown> {
  const root = { ...value as Record<string, unknown> }
  if (Array.isArray(root['plugins'])) {
    root['plugins'] = root['plugins'].map((entry: unknown) => typeof entry === 'string' ? { plugin: entry } : entry)
  }
  return root
}

/** Where plugins are found. */
export interface PluginSources {
  /** The folder to which paths are relative. */
  readonly folder: string
  /** Plugins that a program has registered, by their names. They come first. */
  readonly registered: LoadedPlugins
  /** Those that are always on. Their keys are taken. */
  readonly rootPlugins: readonly PluginModule[]
}

/** The plugins of a file, and the files of their code, with the content that was loaded. */
export interface LoadedCode {
  readonly plugins: LoadedPlugins
  readonly code: SeenFiles
}

/** Loads every plugin that an entry names. Adds a problem for each that cannot be loaded. */
export async function loadPlugins (
  value: Record<string, unknown>,
  { folder, registered, rootPlugins }: PluginSources,
  problems: Problem[]
): Promise<LoadedCode> {
  const plugins = new Map<string, PluginModule>()
  const files = new Set<string>()
  refreshCode()
  for (const [pointer, entry] of pluginEntries(value)) {
    if (plugins.has(entry.plugin)) continue
    try {
      const known = registered.get(entry.plugin)
      const file = known === undefined ? fileOf(entry.plugin, folder) : undefined
      if (file !== undefined) files.add(file)
      const loaded = known ?? await loadPlugin(entry.plugin, folder)
      if (isBuiltIn(entry.plugin)) {
        plugins.set(entry.plugin, loaded)
        continue
      }
      if (file !== undefined && needsRestart(file)) problems.push(changedPackage(child(pointer, 'plugin'), entry.plugin))
      const checked = checkExports(entry.plugin, loaded)
      plugins.set(entry.plugin, checked.module)
      // Of several problems with one value only the first would be told.
      for (const problem of checked.problems) problems.push({ severity: 'error', pointer: child(pointer, 'plugin'), at: 'key', ...problem })
    } catch (error) {
      const { hint, place } = error instanceof PluginNotLoaded ? error : {}
      problems.push({
        severity: 'error',
        pointer: child(pointer, 'plugin'),
        message: (error as Error).message,
        ...(hint === undefined ? {} : { hint }),
        ...(place === undefined ? {} : { position: place })
      })
    }
  }
  for (const { plugin, message } of dropTakenKeys(rootPlugins, plugins)) {
    problems.push({ severity: 'error', pointer: placeOf(plugin, value), at: 'key', message })
  }
  return { plugins, code: new Map([...files].flatMap(file => [...filesOf(file)])) }
}

function changedPackage (pointer: string, plugin: string): Problem {
  return {
    severity: 'warning',
    pointer,
    message: `the package "${plugin}" has changed: the code that was loaded before stays in use until the gateway is restarted`
  }
}

/** The place of the first entry that names a plugin. */
function placeOf (plugin: string, value: Sections): string {
  for (const [pointer, entry] of pluginEntries(value)) if (entry.plugin === plugin) return child(pointer, 'plugin')
  return ''
}

/** The sections of a file that have entries. */
interface Sections {
  readonly policies?: unknown
  readonly plugins?: unknown
}

/** Every entry with its place. Values that are no entries are left out. */
export function * pluginEntries ({ policies, plugins }: Sections): Generator<[pointer: string, entry: PluginEntry]> {
  if (typeof policies === 'object' && policies !== null) {
    for (const [name, entry] of Object.entries(policies)) if (isEntry(entry)) yield [child('/policies', name), entry]
  }
  if (Array.isArray(plugins)) {
    for (const [index, entry] of plugins.entries()) if (isEntry(entry)) yield [child('/plugins', index), entry]
  }
}

function isEntry (entry: unknown): entry is PluginEntry {
  return typeof (entry as PluginEntry | null)?.plugin === 'string'
}

/**
 * Validates the options of every entry against the schema of its plugin, and puts the completed options in their place.
 * @returns all problems of the options
 */
export function validateOptions (
  config: Sections,
  plugins: LoadedPlugins,
  secrets: ReadonlySet<string>,
  reportBelow: (pointer: string) => Report
): Problem[] {
  const problems: Problem[] = []
  for (const [pointer, entry] of pluginEntries(config)) {
    const module = plugins.get(entry.plugin)
    const schema = module?.config?.options
    if (module === undefined || schema === undefined) continue
    const { plugin: _, ...options } = entry
    const validated = validate(schema, options, pointer, secrets)
    problems.push(...validated.problems)
    for (const key of Object.keys(options)) delete (entry as Record<string, unknown>)[key]
    Object.assign(entry, validated.value)
    if (validated.problems.some(({ severity }) => severity === 'error')) continue
    module.config!.checkOptions?.(validated.value as never, reportBelow(pointer))
  }
  return problems
}

/** Asks each policy which fields it sets. Each app asks again; what a function throws is told now, with its place. */
export function checkSets ({ policies }: Sections, plugins: LoadedPlugins): void {
  for (const [, { plugin, ...options }] of pluginEntries({ policies })) plugins.get(plugin)?.config?.sets?.(options as never)
}

/** Makes the fault of a plugin a problem at the first entry that names it. Other errors are thrown again. */
export function faultProblem (error: unknown, value: Sections): Problem {
  if (!(error instanceof PluginFault)) throw error
  return { severity: 'error', pointer: placeOf(error.plugin, value), message: error.message }
}

/** A schema, and the path from it to a place. */
type SchemaAndPath = readonly [schema: JsonSchema, path: readonly string[]]

/** The schema for the place at `path`, with the path from there: options have the schema of their plugin. */
export function schemaFor (
  path: readonly string[],
  value: Record<string, unknown>,
  file: Composition['file'],
  plugins: LoadedPlugins
): SchemaAndPath {
  const [section = '', name = '', ...further] = path
  const hasEntries = section === 'policies' || section === 'plugins'
  const entry = hasEntries ? (value[section] as Record<string, unknown> | undefined)?.[name] : undefined
  const options = isEntry(entry) ? plugins.get(entry.plugin)?.config?.options : undefined
  if (options === undefined || further.length === 0) return [file as unknown as JsonSchema, path]
  return [options as unknown as JsonSchema, further]
}

/** Pointers of everything that the schemas of the file and of its plugins mark as secret. */
export function * secretPlaces (value: Record<string, unknown>, file: Composition['file'], plugins: LoadedPlugins): Generator<string> {
  yield * secretPointers(file as unknown as JsonSchema, value, '')
  for (const [pointer, entry] of pluginEntries(value)) {
    const options = plugins.get(entry.plugin)?.config?.options
    if (options !== undefined) yield * secretPointers(options as unknown as JsonSchema, entry, pointer)
  }
}
