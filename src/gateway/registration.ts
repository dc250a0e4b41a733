/** Registers a plugin, and says where in the configuration it is named if that fails. */

import { ConfigError } from '../config/check/problem.ts'
import { tooLong } from './plugin-loading.ts'

/** Runs the registration of a plugin; what it throws becomes a problem of the place that names it. */
export async function registerAt (pointer: string | undefined, register: () => Promise<void>): Promise<void> {
  try {
    await register()
  } catch (error) {
    if (error instanceof ConfigError || pointer === undefined) throw error
    throw new ConfigError([{ severity: 'error', pointer, at: 'key', message: `the plugin does not start: ${whyNot(error)}` }], { cause: error })
  }
}

/** Codes of Fastify and of what it loads plugins with. */
const timeouts = new Set(['FST_ERR_PLUGIN_TIMEOUT', 'AVV_ERR_PLUGIN_EXEC_TIMEOUT'])

function whyNot (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return timeouts.has((error as NodeJS.ErrnoException).code ?? '') ? `${tooLong}, or never call \`done\`` : error.message
}
