/** `onedoor schema`: prints the JSON Schema of gateway.yaml for editors. */

import { editorSchema, type DescribedPlugin } from '../config/show/editor-schema.ts'
import type { JsonSchema } from '../config/schema/json-schema.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { exit, type Io } from './io.ts'
import { builtInPolicies, builtInSchema } from './plugin-catalogue.ts'

export async function schema (args: Arguments, io: Io): Promise<number> {
  io.stdout.write(schemaText(args.text('config') === undefined ? await builtIn() : await ofFile(args, io)))
  return exit.ok
}

/** Returns the editor schema of a configuration that uses built-in plugins only. */
export async function builtIn (): Promise<JsonSchema> {
  return editorSchema(builtInSchema(), await builtInPolicies())
}

/** Returns the text of a schema file. */
export function schemaText (value: JsonSchema): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

async function ofFile (args: Arguments, io: Io): Promise<JsonSchema> {
  const { schema: composed, plugins } = await load(choose(args, io))
  const known = await builtInPolicies()
  const own = [...plugins].map(([name, { config }]) => ({ name, options: config?.options }))
  const more = own.filter(({
    name,
    options
  }) => options !== undefined && known.every(other => other.name !== name)) as unknown as DescribedPlugin[]
  return editorSchema(composed.file as unknown as JsonSchema, [...known, ...more])
}
