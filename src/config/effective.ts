/** The configuration as it is in force, fit to be shown: defaults filled in, secrets out. */

import type { Loaded } from './load.ts'
import { child } from './pointer.ts'
import { redact } from './redact.ts'
import type { Config, PluginEntry } from './types.ts'

/** A copy of the compiled configuration in which no secret can be read. */
export function effectiveConfig ({ config, schema, document, plugins }: Loaded): unknown {
  const shown = redact(schema.file, config, document.secrets) as { -readonly [Key in keyof Config]: Config[Key] }
  const options = (entry: PluginEntry, pointer: string): PluginEntry => {
    const own = plugins.get(entry.plugin)?.config?.options
    return own === undefined ? entry : redact(own, entry, within(document.secrets, pointer)) as PluginEntry
  }
  shown.policies = Object.fromEntries(Object.entries(shown.policies).map(([name, entry]) => [name, options(entry, child('/policies', name))]))
  shown.plugins = shown.plugins.map((entry, index) => options(entry, child('/plugins', index)))
  return shown
}

/** The pointers below a place, as they are from that place. */
function within (pointers: ReadonlySet<string>, base: string): ReadonlySet<string> {
  return new Set([...pointers].filter(pointer => pointer.startsWith(`${base}/`)).map(pointer => pointer.slice(base.length)))
}
