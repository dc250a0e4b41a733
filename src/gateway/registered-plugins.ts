/** Plugins that a program gives to a gateway under names, for its configuration to use. */

import { isAbsolute } from 'node:path'
import type { PluginModule } from '../contract/plugin.ts'
import type { GivenPlugin } from './gateway-options.ts'
import { isBuiltIn } from './plugin-loading.ts'

export class RegisteredPlugins {
  readonly #plugins = new Map<string, PluginModule>()

  constructor (plugins: Readonly<Record<string, GivenPlugin>> = {}) {
    for (const [name, plugin] of Object.entries(plugins)) this.add(name, plugin)
  }

  /** The plugins by name. */
  get all (): ReadonlyMap<string, PluginModule> {
    return this.#plugins
  }

  /**
   * Adds a plugin: its function, or the exports of its module.
   * @throws TypeError for a name that is taken or looks like a path, and for something that is no plugin
   */
  add (name: string, plugin: GivenPlugin): void {
    const problem = nameProblem(name, this.#plugins.has(name))
    if (problem !== undefined) throw new TypeError(`the plugin name "${name}" ${problem}`)
    const module = typeof plugin === 'function' ? { default: plugin } : plugin
    if (typeof module?.default !== 'function') {
      throw new TypeError(`the plugin "${name}" must be a function, or the exports of a module whose default export is one`)
    }
    this.#plugins.set(name, module)
  }
}

function nameProblem (name: string, taken: boolean): string | undefined {
  if (name === '') return 'is empty'
  if (name.startsWith('.') || isAbsolute(name)) return 'looks like a path, which the configuration would load as a file'
  if (isBuiltIn(name)) return 'is that of a built-in policy'
  return taken ? 'is already registered' : undefined
}
