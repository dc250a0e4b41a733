/** The effective configuration for display: with defaults, without secrets. */

import type { Loaded } from '../load.ts'
import { child } from '../pointer.ts'
import { redact } from './redact.ts'
import type { Config, PluginEntry } from '../types.ts'

/** Returns a copy of the compiled configuration without secrets. */
export function effectiveConfig ({ config, schema, document, plugins, redactor }: Loaded): unknown {
  const shown = redact(schema.file, config, document.secrets) as { -readonly [Key in keyof Config]: Config[Key] }
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
  return redactor.data(shown)
}

/** Returns the pointers below a place, relative to that place. */
function within (pointers: ReadonlySet<string>, base: string): ReadonlySet<string> {
  return new Set([...pointers].filter(pointer => pointer.startsWith(`${base}/`)).map(pointer => pointer.slice(base.length)))
}
