/**
 * Overload protection: rejects the least important requests first, while the gateway itself (`overload`) or
 * an upstream (`adaptiveConcurrency`) is overloaded.
 */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from '#typebox'
import { type Exchange, GatewayError, guardedCount, type PluginConfig, sharedQuietPeriod, type Upstream } from '../../../src/index.ts'
import { gradientCells } from './gradient.ts'
import { Loops } from './loops.ts'
import { LimitGate } from './limit-gate.ts'
import { Limiter, waitingOf, type LimiterOptions } from './limiter.ts'
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
    const loops = new Loops(gateway.threads, thread => new Shedding(options, gateway.state({
      kind: 'overload',
      key: `event-loop ${thread}`,
      options,
      cells: sheddingCells
    })))
    if (loops.own !== undefined) watch(loops.own, options)
    const gauge = metrics.gauge({
      name: 'gateway_overload_level',
      help: 'What is shed because the event loop lags: 0 nothing, 1 low, 2 normal too, 3 high too.',
      labelNames: gateway.threads.role === 'alone' ? [] : ['thread']
    })
    metrics.onScrape(() => {
      for (const [thread, { level }] of loops.all) gauge.set(named(thread), level)
    })

    app.addHook('onRequest', ({ exchange }, _reply, done) => {
      const { level } = loops
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

  /** A thread that serves no clients sheds nothing. */
  function watch (shedding: Shedding, options: LoopGuardOptions): void {
    gateway.task<LevelChange>({
      kind: 'overload',
      key: 'event-loop',
      options,
      per: 'thread',
      start: publish => guardLoop(options, gateway.clock, shedding, publish),
      hear: levelChanged
    })
  }

  /** Names a thread in metrics and events, where there is more than one. */
  function named (thread: number): { thread?: number } {
    return gateway.threads.role === 'alone' ? {} : { thread }
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
    const identity = { kind: 'adaptive-concurrency', key: upstream.name }
    const waiting = waitingOf(name => guardedCount(gateway, { ...identity, options: [name, options] }, upstream.lock))
    const limiter = new Limiter(options, waiting, gateway.state({ ...identity, options, cells: gradientCells(options) }))
    const gate = new LimitGate(limiter)
    const reached = sharedQuietPeriod(gateway, { ...identity, options: ['reached', options] })
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
    gateway.events.emit({ type, ...named(gateway.threads.number), level, delayMs: Math.round(delay), shed: priorities.slice(0, level) })
  }
}

function rankIn (exchange: Exchange): Rank {
  return rankOf(exchange.route?.config.priority ?? usual)
}

export default fp(overload, { name: 'overload', fastify: '5.x', dependencies: ['metrics'] })
