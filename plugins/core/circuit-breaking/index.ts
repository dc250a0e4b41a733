/** Circuit breaking: `upstreams.*.circuitBreaker` keeps traffic away from a target that fails again and again. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type, { type Static } from 'typebox'
import { type Config, type PluginConfig, type Report, type Target, TimeSpan } from '../../../src/index.ts'
import { child, formatDuration, StatusSchema, statusSet } from '../../../src/config/index.ts'
import { Breaker, type BreakerStateName } from './breaker.ts'
import { BreakerGate, type ChangeListener } from './breaker-gate.ts'

const CircuitBreakerSchema = Type.Object({
  failures: Type.Integer({ default: 5, minimum: 1, maximum: 1000, description: 'Failures in a row that open the breaker of a target: no answer, a cut answer, or one of `failureStatuses` (a 429 is none in a row).' }),
  failureRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of failures in the window that opens it; 1 opens it only when all fail.' }),
  slowerThan: Type.Optional(TimeSpan({ minimum: '1ms', description: 'An answer whose head takes longer is slow. Without it no answer is.', examples: ['2s'] })),
  slowCallRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of slow answers in the window that opens it; needs `slowerThan`.' }),
  window: TimeSpan({ default: '10s', minimum: '10ms', description: 'How far back the shares look.' }),
  minRequests: Type.Integer({ default: 20, minimum: 1, maximum: 1000000, description: 'Fewer requests than this in the window make no share.' }),
  openFor: TimeSpan({ default: '30s', minimum: '1ms', description: 'How long an open breaker keeps all requests away, the first time. After it `probes` requests try the target: their answers close the breaker or open it again.' }),
  maxOpenFor: TimeSpan({ default: '5m', minimum: '1ms', description: 'Most that it grows to: `openFor` doubles with every failed probe, less up to a fifth by chance, and is at least the Retry-After of the target.' }),
  probes: Type.Integer({ default: 1, minimum: 1, maximum: 100, description: 'Requests that a half-open breaker lets through; it closes when so many have a good answer.' }),
  failureStatuses: Type.Array(StatusSchema, { default: ['5xx'], description: 'Statuses of an answer that count as failure; `5xx` stands for 500 to 599.', examples: [[429, '5xx']] })
}, {
  additionalProperties: false,
  order: [{ least: 'openFor', most: 'maxOpenFor', warning: 'does not grow with failed probes' }],
  description: 'Keeps requests away from a target that fails again and again, or is slow. `{}` takes the defaults; without the key there is no breaker.'
})

/** `upstreams.*.circuitBreaker` after validation: durations are milliseconds, defaults are filled in. */
export type CircuitBreakerConfig = Static<typeof CircuitBreakerSchema>

declare module '../../../src/index.ts' {
  interface UpstreamConfig {
    readonly circuitBreaker?: CircuitBreakerConfig
  }
}

export const config = { upstream: { circuitBreaker: Type.Optional(CircuitBreakerSchema) }, check: checkBreakers } satisfies PluginConfig

const gaugeValues: Readonly<Record<BreakerStateName, number>> = { closed: 0, open: 1, 'half-open': 2 }

async function circuitBreaking (app: FastifyInstance): Promise<void> {
  const { gateway, metrics } = app
  const states = metrics.gauge({ name: 'gateway_circuit_state', help: 'State of the circuit breaker of a target: 0 closed, 1 open, 2 half-open.', labelNames: ['upstream', 'backend'] })
  const transitions = metrics.counter({ name: 'gateway_circuit_transitions_total', help: 'Changes of state of circuit breakers.', labelNames: ['upstream', 'backend', 'to'] })
  const trips = metrics.counter({ name: 'gateway_circuit_opened_total', help: 'Openings of circuit breakers by what opened them.', labelNames: ['upstream', 'backend', 'reason'] })

  for (const upstream of gateway.upstreams.values()) {
    const options = upstream.config.circuitBreaker
    if (options === undefined) continue
    const isFailure = statusSet(options.failureStatuses)
    upstream.addGate(target => {
      const breaker = target.leases.take({
        kind: 'circuit-breaking',
        key: `${upstream.name} ${target.url}`,
        options,
        create: () => new Breaker(options, gateway.random),
        fork: live => live.copy()
      })
      return new BreakerGate({ breaker, isFailure, slowerThan: options.slowerThan ?? Infinity, onChange: gateway.rehearsal ? () => {} : listener(target, breaker) })
    })
  }

  metrics.onScrape(() => {
    const now = gateway.clock.now()
    // Targets that a reload took away must not stay behind.
    states.reset()
    for (const { target, breaker } of breakers()) states.set(labels(target), gaugeValues[breaker.stateAt(now)])
  })

  function listener (target: Target, breaker: Breaker): ChangeListener {
    const { upstream, backend } = labels(target)
    for (const to of Object.keys(gaugeValues)) transitions.inc({ upstream, backend, to }, 0)
    return (to, why) => {
      transitions.inc({ upstream, backend, to })
      const name = { upstream, target: backend }
      if (to !== 'open') return gateway.events.emit({ type: `circuit-${to}`, ...name, why })
      const { reason } = breaker
      trips.inc({ upstream, backend, reason })
      gateway.events.emit({ type: 'circuit-opened', ...name, reason, why })
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

/** A request that is given up before it is slow is a failure already, so the share of slow answers would never say anything of its own. */
function checkBreakers ({ upstreams }: Config, report: Report): void {
  for (const [name, { circuitBreaker, timeouts }] of Object.entries(upstreams)) {
    const slowerThan = circuitBreaker?.slowerThan
    if (slowerThan === undefined || timeouts.response === 0 || slowerThan < timeouts.response) continue
    report({
      pointer: `${child(child('/upstreams', name), 'circuitBreaker')}/slowerThan`,
      severity: 'warning',
      message: `no answer is that slow: after ${formatDuration(timeouts.response)} it is given up (\`timeouts.response\`)`
    })
  }
}

export default fp(circuitBreaking, { name: 'circuit-breaking', fastify: '5.x', dependencies: ['metrics'] })
