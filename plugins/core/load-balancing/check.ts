/** Checks of load balancing that the schemas cannot express. */

import type { Config, Report, TargetConfig } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { algorithmOf, chooseBalancer } from './balance.ts'
import { builtInBalancers } from './built-in.ts'
import { checkSticky } from './sticky.ts'

/** Checks each upstream by itself. Where plugins may offer balancers, these are checked when all of them are known. */
export function checkLoadBalancing ({ upstreams, plugins }: Config, report: Report): void {
  for (const [name, upstream] of Object.entries(upstreams)) {
    const pointer = child('/upstreams', name)
    if (plugins.length === 0) chooseBalancer(upstream.balance, child(pointer, 'balance'), builtInBalancers, report)
    if (upstream.sticky !== undefined) checkSticky(upstream.sticky, child(pointer, 'sticky'), report)
    checkWeights(upstream, pointer, report)
  }
}

/** Different weights that the balancer ignores would otherwise go unnoticed. Weight 0 drains a target with any balancer. */
function checkWeights ({ balance, targets }: Config['upstreams'][string], pointer: string, report: Report): void {
  const weights = new Set(targets.map(weightOf).filter(weight => weight > 0))
  if (algorithmOf(balance) !== 'round-robin' || weights.size < 2) return
  report({
    severity: 'warning',
    pointer: child(pointer, 'targets'),
    message: 'round-robin does not heed the weights',
    hint: 'set `balance: weighted-round-robin`'
  })
}

function weightOf (target: TargetConfig): number {
  return typeof target === 'string' ? 1 : target.weight ?? 1
}
