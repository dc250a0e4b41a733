/** The configuration as it is in force, fit to be shown: defaults filled in, secrets out. */

import type { Loaded } from '../load.ts'
import { child } from '../pointer.ts'
import { redact } from './redact.ts'
import type { Config, PluginEntry } from '../types.ts'

/** A copy of the compiled configuration in which no secret can be read. */
export function effectiveConfig ({ config, schema, document, plugins, redactor }: Loaded): unknown {
  const shown = redact(schema.file, config, document.secrets) as { -readonly [Key in keyof Config]: Config[Key] }
  // Options with a schema of their own are redacted by it; the others by what their names tell.
  const options = (entry: PluginEntry, guessed: PluginEntry, pointer: string): PluginEntry => {
    const own = plugins.get(entry.plugin)?.config?.options
    return own === undefined ? guessed : redact(own, entry, within(document.secrets, pointer)) as PluginEntry
  }
  shown.policies = Object.fromEntries(Object.entries(config.policies).map(([name, entry]) => [name, options(entry, shown.policies[name]!, child('/policies', name))]))
  shown.plugins = config.plugins.map((entry, index) => options(entry, shown.plugins[index]!, child('/plugins', index)))
  return redactor.data(shown)
}

/** The pointers below a place, as they are from that place. */
function within (pointers: ReadonlySet<string>, base: string): ReadonlySet<string> {
  return new Set([...pointers].filter(pointer => pointer.startsWith(`${base}/`)).map(pointer => pointer.slice(base.length)))
}
