/** Generates the reference page of the built-in policies from the schemas of their options. */

import type { DescribedPlugin } from '../../config/show/editor-schema.ts'
import { section } from './keys.ts'
import { wrap } from './markdown.ts'

/**
 * Returns the page as Markdown.
 * @param plugins the plugins that `policies` may use
 */
export function policiesPage (plugins: readonly DescribedPlugin[]): string {
  const parts = [
    '# Policies',
    wrap(`Every built-in policy and its options. An option stands beside \`plugin\`:
      \`policies: { NAME: { plugin: rate-limiting, limit: 5/s } }\`. Routes list
      policies by their names. How values such as a *duration* are written: [configuration](configuration.md#how-values-are-written).`),
    wrap('This page is generated from the schemas that the gateway checks a file with (`npm run generate`).'),
    ...plugins.map(({ name, options }) => section(name, 2, options))
  ]
  return `${parts.join('\n\n')}\n`
}
