/** Targets that get requests although many of these fail. */

import type { Problem } from './problems.ts'
import type { Situation } from './situation.ts'
import { shortNames } from './target-names.ts'

/** Of the attempts at a target, this part must fail. */
const leastPart = 0.05

/** And so many of them per second, so that a single failure is no problem. */
const leastRate = 0.5

/** One problem for each target that fails; those that are closed are told of elsewhere. */
export function failingTargets ({ upstreams, attempts }: Situation): Problem[] {
  return upstreams.flatMap(({ name, targets }) => {
    const failing = targets.flatMap(({ url, closed }) => {
      const { rate = 0, errors = 0 } = attempts[name]?.[url] ?? {}
      return closed === undefined && errors >= leastRate && errors >= rate * leastPart ? [{ url, part: errors / rate }] : []
    })
    if (failing.length === 0) return []
    const short = shortNames(targets.map(({ url }) => url))
    return failing.map(({ url, part }): Problem => ({
      severity: 'warning',
      text: `${name}: ${Math.min(100, Math.round(part * 100))} % of the attempts at ${short.get(url)!} fail`,
      link: `#/upstreams/${encodeURIComponent(name)}`
    }))
  })
}
