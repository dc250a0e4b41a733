/** A row of docs/reference/ecosystem.md as a test: a package of the Fastify ecosystem in a real gateway, over real HTTP. */

import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { stubUpstream, testGateway, type StubUpstream, type TestGateway, type TestGatewayOptions } from '../../src/testing/index.ts'

export type Verdict = 'works' | 'works with this' | 'use ours' | 'does not work'

/** What a row has to prove its claim. */
export interface Door {
  readonly t: TestContext
  readonly upstream: StubUpstream
  /** Starts a gateway with open ports. Its packages are those of this project. */
  readonly start: (config: object, options?: TestGatewayOptions) => Promise<TestGateway>
}

/** The plugin that a package exports. Its types are not needed, so checking them needs no installation of the package. */
export async function packaged (name: string): Promise<never> {
  return (await import(name) as { readonly default: never }).default
}

/** Declares the test of a row. table.test.ts compares name and verdict with the page. */
export function row (name: string, verdict: Verdict, prove: (door: Door) => Promise<void>): void {
  test(`${name}: ${verdict}`, async t => {
    const upstream = await stubUpstream(t)
    const folder = fileURLToPath(new URL('../../', import.meta.url))
    await prove({ t, upstream, start: async (config, options) => await testGateway(t, config, { folder, listen: true, ...options }) })
  })
}
