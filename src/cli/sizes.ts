/** How much is in a configuration. */

import type { Config } from '../config/types.ts'

export interface Sizes {
  readonly routes: number
  /** Those of routes with a `target` included. */
  readonly upstreams: number
  readonly policies: number
}

/** Counts what a configuration has. */
export function sizesOf ({ routes, upstreams, policies }: Config): Sizes {
  return { routes: routes.length, upstreams: Object.keys(upstreams).length, policies: Object.keys(policies).length }
}
