/** The functions of a plugin's `config`: what they return, and that their errors are those of the plugin. */

import { inspect } from 'node:util'
import type { PluginConfig } from '../../contract/plugin.ts'

/** A function of `config` threw, or returned an unusable value. */
export class PluginFault extends Error {
  override readonly name = 'PluginFault'
  readonly plugin: string

  constructor (plugin: string, message: string, cause?: unknown) {
    super(`plugin "${plugin}": ${message}`, { cause })
    this.plugin = plugin
  }
}

/** What a function returns: in words, and whether a value is that. */
type Result = readonly [expected: string, fits: (value: unknown) => boolean]

const anything: Result = ['', () => true]

/** Each function of `config`. */
const results: Readonly<Record<string, Result>> = {
  sets: ['a list of names', value => isListOf(value, isText)],
  uses: [
    'a list of { pointer, name }',
    value => isListOf(value, use => isMapping(use) && isText(use['pointer']) && isText(use['name']))
  ],
  authenticates: ['true or false', value => typeof value === 'boolean'],
  claims: ['\'needed\', \'used\' or undefined', value => value === undefined || value === 'needed' || value === 'used'],
  check: anything,
  checkOptions: anything
}

/** Whether a key of `config` is a function. */
export function isFunctionKey (key: string): boolean {
  return Object.hasOwn(results, key)
}

/** The function of a key. When it throws or returns an unusable value, a PluginFault is thrown. */
export function guardFunction (
  plugin: string,
  config: PluginConfig,
  key: string,
  call: (...given: unknown[]) => unknown
): (...given: unknown[]) => unknown {
  const [wanted, fits] = results[key]!
  const threw = (error: unknown): PluginFault => new PluginFault(plugin, `"config.${key}" threw ${textOf(error)}`, error)
  return (...given) => {
    let value: unknown
    try {
      value = call.apply(config, given)
    } catch (error) {
      throw threw(error)
    }
    if (!fits(value)) throw new PluginFault(plugin, `"config.${key}" must return ${wanted}, returned ${shown(value)}`)
    return key === 'check' && isMapping(value) && Symbol.iterator in value ? steps(value as unknown as Iterable<void>, threw) : value
  }
}

function * steps (work: Iterable<void>, threw: (error: unknown) => PluginFault): Generator<void> {
  try {
    yield * work
  } catch (error) {
    throw threw(error)
  }
}

/** Whether a value is an object that is no list. */
export function isMapping (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is a list whose items all fit. */
export function isListOf (value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits)
}

/** Whether a value is a text. */
export function isText (value: unknown): value is string {
  return typeof value === 'string'
}

/** An error in a message. */
export function textOf (error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : shown(error)
}

/** A value in a message: what it is, and its text where that is short. */
export function shown (value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = typeof value === 'string' ? JSON.stringify(value) : inspect(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
