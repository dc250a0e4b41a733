/** Circuit breaking: `upstreams.*.circuitBreaker` keeps traffic away from a target that fails again and again. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type, { type Static } from 'typebox'
import type { PluginConfig } from '../../src/api.ts'
import { Duration } from '../../src/config/units.ts'
import type { Target } from '../../src/upstream/target.ts'
import { Breaker, type BreakerStateName } from './breaker.ts'
import { BreakerGate, type ChangeListener } from './breaker-gate.ts'
import { StatusSchema, statusSet } from '../../src/config/status-set.ts'

const CircuitBreakerSchema = Type.Object({
  failures: Type.Integer({ default: 5, minimum: 1, maximum: 1000, description: 'Failures in a row that open the breaker of a target: no answer, a cut answer, or one of `failureStatuses`.' }),
  openFor: Duration({ default: '30s', minimum: '1ms', description: 'How long an open breaker keeps all requests away. After it a single request tries the target: its answer closes the breaker or opens it again.' }),
  failureStatuses: Type.Array(StatusSchema, { default: ['5xx'], description: 'Statuses of an answer that count as failure; `5xx` stands for 500 to 599.', examples: [[429, '5xx']] })
}, { additionalProperties: false, description: 'Keeps requests away from a target that fails again and again. `{}` takes the defaults; without the key there is no breaker.' })

declare module '../../src/config/types.ts' {
  interface UpstreamConfig {
    readonly circuitBreaker?: Static<typeof CircuitBreakerSchema>
  }
}

export const config = { upstream: { circuitBreaker: Type.Optional(CircuitBreakerSchema) } } satisfies PluginConfig

const gaugeValues: Readonly<Record<BreakerStateName, number>> = { closed: 0, open: 1, 'half-open': 2 }
const messages: Readonly<Record<BreakerStateName, string>> = { closed: 'circuit closed', open: 'circuit opened', 'half-open': 'circuit half-open' }

async function circuitBreaking (app: FastifyInstance): Promise<void> {
  const { gateway, metrics, log } = app
  const states = metrics.gauge({ name: 'gateway_circuit_state', help: 'State of the circuit breaker of a target: 0 closed, 1 open, 2 half-open.', labelNames: ['upstream', 'backend'] })
  const transitions = metrics.counter({ name: 'gateway_circuit_transitions_total', help: 'Changes of state of circuit breakers.', labelNames: ['upstream', 'backend', 'to'] })

  for (const upstream of gateway.upstreams.values()) {
    const options = upstream.config.circuitBreaker
    if (options === undefined) continue
    const isFailure = statusSet(options.failureStatuses)
    upstream.addGate(target => new BreakerGate({
      breaker: gateway.leases.take({
        kind: 'circuit-breaking',
        key: `${upstream.name} ${target.url}`,
        options,
        create: () => new Breaker(options),
        fork: breaker => breaker.copy()
      }),
      isFailure,
      onChange: gateway.rehearsal ? () => {} : listener(target)
    }))
  }

  metrics.onScrape(() => {
    const now = gateway.clock.now()
    // Targets that a reload took away must not stay behind.
    states.reset()
    for (const { target, breaker } of breakers()) states.set(labels(target), gaugeValues[breaker.stateAt(now)])
  })

  function listener (target: Target): ChangeListener {
    const { upstream, backend } = labels(target)
    for (const to of Object.keys(gaugeValues)) transitions.inc({ upstream, backend, to }, 0)
    return (to, why) => {
      transitions.inc({ upstream, backend, to })
      log[to === 'open' ? 'warn' : 'info']({ upstream, target: backend, why }, messages[to])
    }
  }

  function * breakers (): Generator<{ target: Target, breaker: Breaker }> {
    for (const upstream of gateway.upstreams.values()) {
      for (const target of upstream.targets) {
        for (const gate of target.gates) if (gate instanceof BreakerGate) yield { target, breaker: gate.breaker }
      }
    }
  }
}

function labels (target: Target): { upstream: string, backend: string } {
  return { upstream: target.upstream.name, backend: target.url }
}

export default fp(circuitBreaking, { name: 'circuit-breaking', fastify: '5.x', dependencies: ['metrics'] })
