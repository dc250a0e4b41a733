/** The built-in policies with their options, and the schema of the configuration without other plugins. */

import { composeSchema } from '../config/schema/compose.ts'
import { rootPlugins } from '../gateway/app.ts'
import type { DescribedPlugin } from '../config/show/editor-schema.ts'
import type { JsonSchema } from '../config/schema/json-schema.ts'
import { builtInNames, loadPlugin } from '../gateway/plugin-loading.ts'

/** Returns the built-in policies, sorted by name. */
export async function builtInPolicies (): Promise<DescribedPlugin[]> {
  const found: DescribedPlugin[] = []
  for (const name of builtInNames().toSorted()) {
    const { config } = await loadPlugin(name, '.')
    if (config?.options !== undefined) found.push({ name, options: config.options as unknown as JsonSchema })
  }
  return found
}

/** Returns the schema of a configuration that uses built-in plugins only. */
export function builtInSchema (): JsonSchema {
  return composeSchema(rootPlugins).file as unknown as JsonSchema
}
