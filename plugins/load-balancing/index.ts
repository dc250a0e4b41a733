/** Load balancing: `upstreams.*.balance` names the balancer that picks one of the open targets. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import type { PluginConfig, Report } from '../../src/api.ts'
import { child } from '../../src/config/pointer.ts'
import { ConfigError, nearest, type Problem } from '../../src/config/problem.ts'
import type { Config, TargetConfig } from '../../src/config/types.ts'
import { createRoundRobin } from './round-robin.ts'
import { createWeightedRoundRobin } from './weighted-round-robin.ts'

declare module '../../src/config/types.ts' {
  interface UpstreamConfig {
    readonly balance: string
  }
}

export const config = {
  upstream: {
    balance: Type.String({
      default: 'round-robin',
      minLength: 1,
      description: 'How one of the open targets is picked: `round-robin`, `weighted-round-robin`, or the name of a balancer that a plugin offers.',
      examples: ['round-robin', 'weighted-round-robin']
    })
  },
  check: checkWeights
} satisfies PluginConfig

async function loadBalancing (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  gateway.addBalancer('round-robin', createRoundRobin)
  gateway.addBalancer('weighted-round-robin', createWeightedRoundRobin)
  // Only now is it known which balancers the user's own plugins offer.
  app.addHook('onReady', async () => setBalancers(gateway))
}

/** @throws ConfigError naming every upstream whose balancer no plugin offers. */
function setBalancers ({ upstreams, balancers, leases, random }: FastifyInstance['gateway']): void {
  const problems: Problem[] = []
  for (const upstream of upstreams.values()) {
    const create = balancers.get(upstream.config.balance)
    if (create === undefined) problems.push(unknownBalancer(upstream.name, upstream.config.balance, [...balancers.keys()]))
    // Where there is nothing to pick from, a balancer would only cost.
    else if (upstream.targets.length > 1) upstream.balancer = create({ upstream, leases, random })
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

function unknownBalancer (upstream: string, balance: string, offered: readonly string[]): Problem {
  const near = nearest(balance, offered)
  return {
    severity: 'error',
    pointer: child(child('/upstreams', upstream), 'balance'),
    message: `no plugin offers the balancer "${balance}"`,
    hint: near === undefined ? `there is ${offered.join(', ')}` : `did you mean "${near}"?`
  }
}

/** Weights that differ and are not heeded are a mistake that nothing else would show; 0 drains a target whatever the balancer. */
function checkWeights (config: Config, report: Report): void {
  for (const [name, { balance, targets }] of Object.entries(config.upstreams)) {
    const weights = new Set(targets.map(weightOf).filter(weight => weight > 0))
    if (balance !== 'round-robin' || weights.size < 2) continue
    report({
      severity: 'warning',
      pointer: child(child('/upstreams', name), 'targets'),
      message: 'round-robin does not heed the weights',
      hint: 'set `balance: weighted-round-robin`'
    })
  }
}

function weightOf (target: TargetConfig): number {
  return typeof target === 'string' ? 1 : target.weight ?? 1
}

export default fp(loadBalancing, { name: 'load-balancing', fastify: '5.x' })
