/** A configuration with the defaults of all schemas, for tests of parts that read one. */

import { rootPlugins } from '../../src/gateway/app.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import type { Config } from '../../src/config/types.ts'
import { validate } from '../../src/config/check/validate.ts'

/** The configuration of a file with one route and nothing else. */
export function defaultConfig (): Config {
  const { value } = validate(composeSchema(rootPlugins).file, { routes: [{ path: '/' }] })
  return value as Config
}
