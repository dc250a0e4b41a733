/** Keys that a plugin declares although they are taken: by the gateway, or by another plugin. */

import type { PluginModule } from '../../contract/plugin.ts'
import { kernelKeys, parts } from '../schema/compose.ts'

/** A key that is taken. */
export interface TakenKey {
  /** The plugin that declares it too, as the configuration names it. */
  readonly plugin: string
  readonly message: string
}

/** Finds the keys that are taken, and takes them out of `plugins`. Earlier plugins keep theirs. */
export function dropTakenKeys (rootPlugins: readonly PluginModule[], plugins: Map<string, PluginModule>): TakenKey[] {
  const taken: TakenKey[] = []
  for (const part of parts) {
    const owners = new Map<string, { readonly text: string, readonly module?: PluginModule }>()
    const own = [...kernelKeys[part], ...rootPlugins.flatMap(({ config }) => Object.keys(config?.[part] ?? {}))]
    for (const key of own) owners.set(key, { text: 'the gateway has' })
    for (const [plugin, module] of plugins) {
      const declared = module.config?.[part]
      if (declared === undefined) continue
      const kept: typeof declared = Object.fromEntries(Object.entries(declared).filter(([key]) => {
        const owner = owners.get(key)
        if (owner === undefined || owner.module === module) {
          owners.set(key, { text: `plugin "${plugin}" declares`, module })
          return true
        }
        taken.push({ plugin, message: `plugin "${plugin}": "config.${part}" declares the key "${key}", which ${owner.text} already` })
        return false
      }))
      if (Object.keys(kept).length === Object.keys(declared).length) continue
      plugins.set(plugin, { ...module, config: { ...module.config, [part]: kept } })
    }
  }
  return taken
}
