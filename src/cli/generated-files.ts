/** The files that are generated from schemas and tables in the code. */

import { commandsPage } from './pages/commands-page.ts'
import { configurationPage } from './pages/configuration-page.ts'
import { errorsPage } from './pages/errors-page.ts'
import { eventsPage } from './pages/events-page.ts'
import { policiesPage } from './pages/policies-page.ts'
import { builtInPolicies, builtInSchema } from './plugin-catalogue.ts'
import { builtIn, schemaText } from './schema.ts'

/** Returns their content by path, relative to the root of the project. */
export async function generatedFiles (): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['gateway.schema.json', schemaText(await builtIn())],
    ['docs/reference/configuration.md', configurationPage(builtInSchema())],
    ['docs/reference/policies.md', policiesPage(await builtInPolicies())],
    ['docs/reference/cli.md', commandsPage()],
    ['docs/reference/errors.md', errorsPage()],
    ['docs/reference/events.md', eventsPage()]
  ])
}
