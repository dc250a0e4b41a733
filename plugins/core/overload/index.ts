/**
 * Overload protection: rejects the least important requests first, while the gateway itself (`overload`) or
 * an upstream (`adaptiveConcurrency`) is overloaded.
 */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from '#typebox'
import { type Exchange, GatewayError, type PluginConfig, QuietPeriod, type Upstream } from '../../../src/index.ts'
import { LimitGate } from './limit-gate.ts'
import { Limiter, limiterCells, type LimiterOptions } from './limiter.ts'
import { guardLoop, type LevelChange, type LoopGuardOptions } from './loop-guard.ts'
import { AdaptiveConcurrencySchema, checkOverload, OverloadSchema, PriorityKey } from './options.ts'
import { priorities, rankOf, usual, type Rank } from './priority.ts'
import { Shedding, sheddingCells } from './shedding.ts'

export const config = {
  root: { overload: Type.Optional(OverloadSchema) },
  upstream: { adaptiveConcurrency: Type.Optional(AdaptiveConcurrencySchema) },
  route: { priority: PriorityKey },
  check: checkOverload
} satisfies PluginConfig

/** Most seconds after which a refused client may come back; spread by chance, so that not all come at once. */
const longestWait = 3

type Cause = 'event-loop' | 'concurrency'

async function overload (app: FastifyInstance): Promise<void> {
  const { gateway, metrics } = app
  const { config: { overload: loop }, upstreams } = gateway
  const limited = [...upstreams.values()].filter(upstream => upstream.config.adaptiveConcurrency !== undefined)
  if (loop === undefined && limited.length === 0) return
  const shed = metrics.counter({
    name: 'gateway_shed_total',
    help: 'Requests that were refused because of overload.',
    labelNames: ['reason', 'priority']
  })
  const causes: Cause[] = ['event-loop', 'concurrency']
  for (const reason of causes) for (const priority of priorities) shed.inc({ reason, priority }, 0)
  if (loop !== undefined) shedByLoop(loop)
  if (limited.length > 0) limitUpstreams()

  function shedByLoop (options: LoopGuardOptions): void {
    const identity = { kind: 'overload', key: 'event-loop', options }
    const shedding = new Shedding(options, gateway.state({ ...identity, cells: sheddingCells }))
    gateway.task<LevelChange>({
      ...identity,
      start: publish => guardLoop(options, gateway.clock, shedding, publish),
      hear: levelChanged
    })
    const gauge = metrics.gauge({
      name: 'gateway_overload_level',
      help: 'What is shed because the event loop lags: 0 nothing, 1 low, 2 normal too, 3 high too.'
    })
    metrics.onScrape(() => gauge.set(shedding.level))

    app.addHook('onRequest', ({ exchange }, _reply, done) => {
      const { level } = shedding
      if (level === 0 && exchange.decisions === undefined) return done()
      const rank = rankIn(exchange)
      const refused = rank < level
      exchange.decisions?.push({
        by: 'overload',
        verdict: refused ? 'refused' : 'allowed',
        why: `priority ${priorities[rank]}, level ${level} of shedding`
      })
      done(refused ? refuse('event-loop', rank) : undefined)
    })
  }

  function limitUpstreams (): void {
    const limiters = limited.map(upstream => ({ upstream: upstream.name, limiter: limit(upstream, upstream.config.adaptiveConcurrency!) }))
    const limits = metrics.gauge({
      name: 'gateway_concurrency_limit',
      help: 'Requests that may wait for an upstream at once.',
      labelNames: ['upstream']
    })
    const active = metrics.gauge({
      name: 'gateway_concurrency_active',
      help: 'Requests that wait for an upstream.',
      labelNames: ['upstream']
    })
    metrics.onScrape(() => {
      // Upstreams that a reload took away must not stay behind.
      limits.reset()
      active.reset()
      for (const { upstream, limiter } of limiters) {
        limits.set({ upstream }, limiter.limit)
        active.set({ upstream }, limiter.active)
      }
    })
  }

  function limit (upstream: Upstream, options: LimiterOptions): Limiter {
    const cells = gateway.state({ kind: 'adaptive-concurrency', key: upstream.name, options, cells: limiterCells(options) })
    const limiter = new Limiter(options, cells)
    const gate = new LimitGate(limiter)
    const reached = new QuietPeriod()
    upstream.addGate(() => gate)
    upstream.addAdmission(exchange => {
      const rank = rankIn(exchange)
      const admitted = limiter.admits(rank)
      exchange.decisions?.push({
        by: 'overload',
        verdict: admitted ? 'allowed' : 'refused',
        why: `priority ${priorities[rank]}, ${limiter.active} of ${limiter.limit} places of ${upstream.name} taken`
      })
      gate.entering = rank
      if (admitted) return undefined
      if (reached.isFirst(gateway.clock.now())) {
        gateway.events.emit({ type: 'limit-reached', limit: 'concurrency', upstream: upstream.name })
      }
      return refuse('concurrency', rank)
    })
    upstream.descriptions.set('adaptiveConcurrency', () => ({ limit: limiter.limit, active: limiter.active }))
    return limiter
  }

  function refuse (reason: Cause, rank: Rank): GatewayError {
    shed.inc({ reason, priority: priorities[rank] })
    return new GatewayError('overloaded', { headers: { 'retry-after': String(1 + Math.floor(gateway.random() * longestWait)) } })
  }

  function levelChanged ({ level, delay }: LevelChange): void {
    const type = level > 0 ? 'event-loop-overloaded' : 'event-loop-calm'
    gateway.events.emit({ type, level, delayMs: Math.round(delay), shed: priorities.slice(0, level) })
  }
}

function rankIn (exchange: Exchange): Rank {
  return rankOf(exchange.route?.config.priority ?? usual)
}

export default fp(overload, { name: 'overload', fastify: '5.x', dependencies: ['metrics'] })
