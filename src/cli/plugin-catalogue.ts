/** The plugins that may stand under `policies`, with their options. */

import { composeSchema } from '../config/schema/compose.ts'
import { rootPlugins } from '../gateway/app.ts'
import type { DescribedPlugin } from '../config/show/editor-schema.ts'
import type { JsonSchema } from '../config/schema/json-schema.ts'
import { builtInNames, loadPlugin } from '../gateway/plugin-loading.ts'

/** The built-in policies, in the order of their names. */
export async function builtInPolicies (): Promise<DescribedPlugin[]> {
  const found: DescribedPlugin[] = []
  for (const name of builtInNames().toSorted()) {
    const { config } = await loadPlugin(name, '.')
    if (config?.options !== undefined) found.push({ name, options: config.options as unknown as JsonSchema })
  }
  return found
}

/** The schema of a file that uses no plugin of the user's. */
export function builtInSchema (): JsonSchema {
  return composeSchema(rootPlugins).file as unknown as JsonSchema
}
