/** The effective configuration for display: with defaults, without secrets. */

import { atOnce, type Steps } from '../../scheduling/steps.ts'
import type { Loaded } from '../load.ts'
import { child } from '../pointer.ts'
import { redact, redactInSteps } from './redact.ts'
import type { Config, PluginEntry } from '../types.ts'

/** Returns a copy of the compiled configuration without secrets. */
export function effectiveConfig (loaded: Loaded): unknown {
  return atOnce(effectiveInSteps(loaded))
}

/** The same in steps. */
export function * effectiveInSteps ({ config, schema, document, plugins, redactor }: Loaded): Steps<unknown> {
  const shown = (yield * redactInSteps(schema.file, config, document.secrets)) as { -readonly [Key in keyof Config]: Config[Key] }
  // Options with a schema are redacted by the schema, others by their names.
  const options = (entry: PluginEntry, guessed: PluginEntry, pointer: string): PluginEntry => {
    const own = plugins.get(entry.plugin)?.config?.options
    return own === undefined ? guessed : redact(own, entry, within(document.secrets, pointer)) as PluginEntry
  }
  shown.policies = Object.fromEntries(Object.entries(config.policies).map(([name, entry]) => [
    name,
    options(entry, shown.policies[name]!, child('/policies', name))
  ]))
  shown.plugins = config.plugins.map((entry, index) => options(entry, shown.plugins[index]!, child('/plugins', index)))
  yield
  const safe: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(shown)) {
    safe[key] = redactor.data(value)
    yield
  }
  return safe
}

/** Returns the pointers below a place, relative to that place. */
function within (pointers: ReadonlySet<string>, base: string): ReadonlySet<string> {
  return new Set([...pointers].filter(pointer => pointer.startsWith(`${base}/`)).map(pointer => pointer.slice(base.length)))
}
