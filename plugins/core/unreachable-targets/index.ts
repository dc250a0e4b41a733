/** Unreachable targets: a target to which no connection could be made is not asked again for a while, unless no other is left. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Duration, type PluginConfig, type ReachListener, type Target } from '../../../src/index.ts'
import { failureGroups } from '../../../src/transport/index.ts'
import { Reachability, reachabilityCells } from './reachability.ts'
import { UnreachableGate } from './unreachable-gate.ts'

declare module '../../../src/index.ts' {
  interface UpstreamConfig {
    readonly unreachableFor: number
  }
}

export const config = {
  upstream: {
    unreachableFor: Duration({
      default: '10s',
      description: 'How long a target to which no connection could be made is not asked again, unless no other is left; after it one ' +
        'request at a time tries it. `0s` asks it all the same.'
    })
  }
} satisfies PluginConfig

async function unreachableTargets (app: FastifyInstance): Promise<void> {
  const { gateway, metrics } = app
  const reachable = metrics.gauge({
    name: 'gateway_backend_reachable',
    help: 'Whether connections to a target can be made, as its last attempts show: 1 yes or not known, 0 no.',
    labelNames: ['upstream', 'backend']
  })
  const failures = metrics.counter({
    name: 'gateway_backend_unreachable_total',
    help: 'Times that a target became unreachable, by reason.',
    labelNames: ['upstream', 'backend', 'reason']
  })

  for (const upstream of gateway.upstreams.values()) {
    const { unreachableFor } = upstream.config
    if (unreachableFor === 0) continue
    upstream.addGate(target => {
      const cells = target.state({
        kind: 'unreachable-targets',
        key: `${upstream.name} ${target.url}`,
        options: unreachableFor,
        cells: reachabilityCells
      })
      if (!gateway.rehearsal) target.load.listener = listener(target)
      return new UnreachableGate(new Reachability(unreachableFor, cells), target.load)
    })
  }

  metrics.onScrape(() => {
    // Targets that a reload took away must not stay behind.
    reachable.reset()
    for (const { targets } of gateway.upstreams.values()) {
      for (const target of targets) reachable.set(labels(target), target.load.failure === undefined ? 1 : 0)
    }
  })

  function listener (target: Target): ReachListener {
    for (const reason of failureGroups.connect) failures.inc({ ...labels(target), reason }, 0)
    return failure => {
      const name = { upstream: target.upstream.name, target: target.url }
      if (failure === undefined) {
        gateway.events.emit({ type: 'target-reachable', ...name })
      } else {
        failures.inc({ ...labels(target), reason: failure.why })
        gateway.events.emit({ type: 'target-unreachable', ...name, why: failure.why })
      }
    }
  }
}

function labels (target: Target): { upstream: string, backend: string } {
  return { upstream: target.upstream.name, backend: target.url }
}

export default fp(unreachableTargets, { name: 'unreachable-targets', fastify: '5.x', dependencies: ['metrics'] })
