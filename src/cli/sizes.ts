/** Counts the routes, upstreams and policies of a configuration. */

import type { Config } from '../config/types.ts'

export interface Sizes {
  readonly routes: number
  /** Including those of routes with a `target`. */
  readonly upstreams: number
  readonly policies: number
}

/** Counts the routes, upstreams and policies of a configuration. */
export function sizesOf ({ routes, upstreams, policies }: Config): Sizes {
  return { routes: routes.length, upstreams: Object.keys(upstreams).length, policies: Object.keys(policies).length }
}
