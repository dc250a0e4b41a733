/** The files that are made from the schemas and tables in the code. */

import { referencePage } from '../config/show/reference.ts'
import { errorsPage } from './errors-page.ts'
import { builtInPolicies, builtInSchema } from './plugin-catalogue.ts'
import { builtIn, schemaText } from './schema.ts'

/** Their content by path, relative to the root of the project. */
export async function generatedFiles (): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['gateway.schema.json', schemaText(await builtIn())],
    ['docs/reference/configuration.md', referencePage(builtInSchema(), await builtInPolicies())],
    ['docs/reference/errors.md', errorsPage()]
  ])
}
