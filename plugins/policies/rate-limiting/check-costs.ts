/** Checks the costs of routes against the routes and limits of the configuration. */

import type { Config, Report } from '../../../src/index.ts'
import { child, nearest } from '../../../src/config/index.ts'
import { mostAtOnce, tiersOf, type RateLimitOptions } from './options.ts'

/** A cost for an unknown route, or one above every limit, would otherwise go unnoticed. */
export function checkCosts ({ policies, routes }: Config, report: Report): void {
  const names = routes.map(({ name, path }) => name ?? path)
  for (const [policy, entry] of Object.entries(policies)) {
    if (entry.plugin !== 'rate-limiting') continue
    const options = entry as unknown as RateLimitOptions
    for (const [route, cost] of Object.entries(options.cost)) {
      const pointer = child(child(child('/policies', policy), 'cost'), route)
      const near = nearest(route, names)
      if (!names.includes(route)) {
        report({
          pointer,
          at: 'key',
          message: `no route has the name or path "${route}"`,
          ...(near === undefined ? {} : { hint: `did you mean "${near}"?` })
        })
      }
      const most = Math.min(mostAtOnce(options), ...tiersOf(options.tiers).map(([, tier]) => mostAtOnce(tier)))
      if (cost > most && options.algorithm !== 'concurrency') {
        report({
          pointer,
          message: `is more than the limit ever lets through at once, which is ${most}`,
          hint: 'a larger limit or `burst`'
        })
      }
    }
  }
}
