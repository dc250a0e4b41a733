/** Registers a plugin. A failure names the place of the plugin in the configuration. */

import { ConfigError } from '../config/check/problem.ts'
import { tooLong } from './plugin-loading.ts'

/** Runs the registration of a plugin. An error becomes a problem at `pointer`, the place that names the plugin. */
export async function registerAt (pointer: string | undefined, register: () => Promise<void>): Promise<void> {
  try {
    await register()
  } catch (error) {
    if (error instanceof ConfigError || pointer === undefined) throw error
    throw new ConfigError(
      [{ severity: 'error', pointer, at: 'key', message: `the plugin does not start: ${whyNot(error)}` }],
      { cause: error }
    )
  }
}

/** Error codes of Fastify, and of avvio, with which it loads plugins. */
const timeouts = new Set(['FST_ERR_PLUGIN_TIMEOUT', 'AVV_ERR_PLUGIN_EXEC_TIMEOUT'])

function whyNot (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return timeouts.has((error as NodeJS.ErrnoException).code ?? '') ? `${tooLong}, or never call \`done\`` : error.message
}
