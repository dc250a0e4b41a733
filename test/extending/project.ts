/** A user's project in small: plugins beside a gateway.yaml, with `onedoor` installed. */

import type { TestContext } from 'node:test'
import type { GatewayOptions } from '../../src/gateway/gateway.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'

/** What an installed `onedoor` resolves to; not a link, so that the folder can be removed without a second look. */
const installed = {
  'package.json': '{ "type": "module" }',
  'node_modules/onedoor/package.json': '{ "name": "onedoor", "type": "module", "exports": "./index.js" }',
  'node_modules/onedoor/index.js': `export * from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)}\n`
}

/** Starts a gateway on `yaml` with the user's own files beside it. */
export async function startProject (
  t: TestContext,
  yaml: string,
  files: Readonly<Record<string, string>>,
  options: Partial<GatewayOptions> = {}
): Promise<TestGateway> {
  return await startGateway(t, yaml, { ...options, files: { ...installed, ...files } })
}
