/** Circuit breaking: `upstreams.*.circuitBreaker` stops traffic to a target that fails repeatedly. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type, { type Static } from '#typebox'
import { type Config, type PluginConfig, type Report, type Target, TimeSpan } from '../../../src/index.ts'
import { child, formatDuration, StatusSchema, statusSet } from '../../../src/config/index.ts'
import { Breaker } from './breaker.ts'
import { breakerCells, type BreakerStateName } from './breaker-cells.ts'
import { BreakerGate, type ChangeListener, type OperatorNote } from './breaker-gate.ts'
import { addBreakerRoute } from './by-hand.ts'

const CircuitBreakerSchema = Type.Object({
  failures: Type.Integer({ default: 5, minimum: 1, maximum: 1000, description: 'Consecutive failures that open the breaker of a target: ' +
    'no response, a truncated response, or one of `failureStatuses` (a 429 does not count here).' }),
  failureRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of failures in the window that opens the ' +
    'breaker; with 1 all must fail.' }),
  slowerThan: Type.Optional(TimeSpan({ minimum: '1ms', description: 'A response whose headers take longer is slow. Without this key no ' +
    'response is slow.', examples: ['2s'] })),
  slowCallRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of slow responses in the window that ' +
    'opens the breaker; needs `slowerThan`.' }),
  window: TimeSpan({ default: '10s', minimum: '10ms', description: 'Length of the window for the shares.' }),
  minRequests: Type.Integer({ default: 20, minimum: 1, maximum: 1000000, description: 'The fewest requests in the window for which ' +
    'shares are computed.' }),
  openFor: TimeSpan({ default: '30s', minimum: '1ms', description: 'How long an open breaker rejects all requests, the first time. Then ' +
    '`probes` requests try the target: their responses close the breaker or open it again.' }),
  maxOpenFor: TimeSpan({ default: '5m', minimum: '1ms', description: 'The longest open time. `openFor` doubles with every failed probe, ' +
    'minus a random part of up to a fifth, and is at least the Retry-After of the target.' }),
  probes: Type.Integer({ default: 1, minimum: 1, maximum: 100, description: 'Requests that a half-open breaker admits; it closes when so ' +
    'many were successful.' }),
  failureStatuses: Type.Array(StatusSchema, { default: ['5xx'], description: 'Response statuses that count as failures; `5xx` stands for ' +
    '500 to 599.', examples: [[429, '5xx']] })
}, {
  additionalProperties: false,
  order: [{ least: 'openFor', most: 'maxOpenFor', warning: 'does not grow with failed probes' }],
  description: 'Circuit breaker: stops requests to a target that fails repeatedly or is slow. `{}` uses the defaults; without the key ' +
    'there is no breaker.'
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
  const states = metrics.gauge({
    name: 'gateway_circuit_state',
    help: 'State of the circuit breaker of a target: 0 closed, 1 open, 2 half-open.',
    labelNames: ['upstream', 'backend']
  })
  const transitions = metrics.counter({
    name: 'gateway_circuit_transitions_total',
    help: 'Changes of state of circuit breakers.',
    labelNames: ['upstream', 'backend', 'to']
  })
  const trips = metrics.counter({
    name: 'gateway_circuit_opened_total',
    help: 'Openings of circuit breakers by what opened them.',
    labelNames: ['upstream', 'backend', 'reason']
  })

  for (const upstream of gateway.upstreams.values()) {
    const options = upstream.config.circuitBreaker
    if (options === undefined) continue
    const isFailure = statusSet(options.failureStatuses)
    upstream.addGate(target => {
      const identity = { kind: 'circuit-breaking', key: `${upstream.name} ${target.url}`, options }
      const cells = target.state({ ...identity, cells: breakerCells })
      const breaker = new Breaker(options, gateway.random, cells)
      return new BreakerGate({
        breaker,
        note: target.resource<OperatorNote>({ ...identity, create: () => ({ by: 'an operator', reason: undefined }) }),
        isFailure,
        slowerThan: options.slowerThan ?? Infinity,
        onChange: gateway.rehearsal ? () => {} : listener(target, breaker)
      })
    })
  }

  addBreakerRoute(gateway)

  metrics.onScrape(() => {
    const now = gateway.clock.now()
    // Removes the series of targets that a reload removed.
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

/** With a timeout below `slowerThan` a slow request is always a failure already, so the share of slow responses has no effect. */
function checkBreakers ({ upstreams }: Config, report: Report): void {
  for (const [name, { circuitBreaker, timeouts }] of Object.entries(upstreams)) {
    const slowerThan = circuitBreaker?.slowerThan
    if (slowerThan === undefined || timeouts.response === 0 || slowerThan < timeouts.response) continue
    report({
      pointer: `${child(child('/upstreams', name), 'circuitBreaker')}/slowerThan`,
      severity: 'warning',
      message: `no response is that slow: after ${formatDuration(timeouts.response)} the attempt is given up (\`timeouts.response\`)`
    })
  }
}

export default fp(circuitBreaking, { name: 'circuit-breaking', fastify: '5.x', dependencies: ['metrics'] })
