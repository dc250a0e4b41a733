/** A user's project in small: plugins beside a gateway.yaml, in a folder from which no package can be resolved. */

import type { TestContext } from 'node:test'
import type { GatewayOptions } from '../../src/gateway/gateway.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'

/** Starts a gateway on `yaml` with the user's own files beside it. */
export async function startProject (
  t: TestContext,
  yaml: string,
  files: Readonly<Record<string, string>>,
  options: Partial<GatewayOptions> = {}
): Promise<TestGateway> {
  return await startGateway(t, yaml, { ...options, files: { 'package.json': '{ "type": "module" }', ...files } })
}
