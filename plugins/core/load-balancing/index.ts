/** Load balancing: which of the open targets of an upstream serves a request. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type, { type Static, type TObject } from '#typebox'
import {
  type BalancerFactory, type BalancerKeys, type Exchange, type PluginConfig, type ResponseFields, responseStage,
  type Target, type Upstream, type UpstreamIdentity, upstreamsOf
} from '../../../src/index.ts'
import { balanceSchema, setBalancers, type BalanceConfig } from './balance.ts'
import { builtInBalancers } from './built-in.ts'
import { checkLoadBalancing } from './check.ts'
import { consistentHashKeys } from './consistent-hash.ts'
import { PowerOfTwo, PowerOfTwoSchema } from './power-of-two.ts'
import { createPriorityGroups } from './priority-groups.ts'
import { createSlowStart, readSlowStart, shareAt, SlowStartSchema } from './slow-start.ts'
import { Sticky, StickySchema, type StickyConfig } from './sticky.ts'

declare module '../../../src/index.ts' {
  interface UpstreamConfig {
    readonly balance: BalanceConfig
    readonly slowStart?: Static<typeof SlowStartSchema>
    readonly spillBelow: number
    readonly sticky?: StickyConfig
  }
  interface TargetSettings {
    readonly priority?: number
  }
}

export const config = {
  upstream: {
    balance: balanceSchema({ 'consistent-hash': consistentHashKeys.options, 'power-of-two': PowerOfTwoSchema }),
    slowStart: Type.Optional(SlowStartSchema),
    spillBelow: Type.Number({
      default: 0.7,
      minimum: 0,
      maximum: 1,
      description: 'While a smaller share than this of the targets of one `priority` is available, by weight, part of the traffic goes ' +
        'to the next one: at 0.7 with half of them available, 29 %. 0 waits until none is available.'
    }),
    sticky: Type.Optional(StickySchema)
  },
  target: {
    priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: 'Priority group of the target (0 unless set). ' +
      'Higher numbers are a reserve for lower ones, see `spillBelow`.' }))
  },
  check: checkLoadBalancing
} satisfies PluginConfig

async function loadBalancing (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  for (const [name, { create, ...keys }] of builtInBalancers) {
    gateway.addBalancer(name, create as BalancerFactory, keys as BalancerKeys<TObject>)
  }
  // In this order: a session has precedence over the group, and the group over slow start.
  addSticky(app)
  addPriorityGroups(app)
  addSlowStart(app)
  showLatencies(app)
  // The balancers of user plugins are registered by now.
  app.addHook('onReady', async () => setBalancers(gateway))
}

/** The cookie is set when the responding target is known, and only on routes to a sticky upstream. */
function addSticky (app: FastifyInstance): void {
  const { upstreams, rehearsal } = app.gateway
  const sticky = new Map<UpstreamIdentity, Sticky>()
  for (const upstream of upstreams.values()) {
    const settings = upstream.config.sticky
    if (settings === undefined) continue
    const one = new Sticky(upstream, settings)
    sticky.set(upstream, one)
    upstream.addFilter(one.filter)
  }
  if (sticky.size === 0 || rehearsal) return

  const requests = app.metrics.counter({
    name: 'gateway_sticky_requests_total',
    help: 'Answers below 500 of sticky upstreams: of the target that the cookie named (kept), of another one (moved), or without a ' +
      'valid cookie (new).',
    labelNames: ['upstream', 'result']
  })
  for (const { name } of sticky.keys()) for (const result of ['kept', 'moved', 'new']) requests.inc({ upstream: name, result }, 0)
  const stage = responseStage({ fields: setCookie })
  app.addHook('onRoute', route => {
    const config = route.config?.route?.config
    if (config !== undefined && [...upstreamsOf(config, upstreams)].some(upstream => sticky.has(upstream))) {
      route.onSend = [route.onSend ?? [], stage].flat()
    }
  })

  function setCookie (exchange: Exchange, fields: ResponseFields): void {
    const { upstream, attempts } = exchange
    const one = upstream === undefined ? undefined : sticky.get(upstream)
    // A client is not bound to a target that fails, or whose response was replaced by that of another.
    const answered = attempts.findLast(({ statusCode, outcome }) => statusCode !== undefined && statusCode < 500 && outcome !== 'ignored')
    if (one !== undefined && answered !== undefined) {
      const named = one.targetOf(exchange)
      requests.inc({ upstream: upstream!.name, result: named === undefined ? 'new' : named === answered.target ? 'kept' : 'moved' })
      const field = named === answered.target ? undefined : one.setCookie(answered.target)
      if (field !== undefined) fields.header('set-cookie', field)
    }
  }
}

function addPriorityGroups (app: FastifyInstance): void {
  const { upstreams, random, rehearsal } = app.gateway
  const spills = app.metrics.counter({
    name: 'gateway_priority_spills_total',
    help: 'Selections of a target that is not of the first priority.',
    labelNames: ['upstream']
  })
  for (const upstream of upstreams.values()) {
    const { name, config: { spillBelow, targets } } = upstream
    if (!rehearsal && targets.some(target => typeof target !== 'string' && target.priority !== undefined)) spills.inc({ upstream: name }, 0)
    upstream.notes.push(({ config: { priority = 0 } }) => priority === 0 ? undefined : { priority })
    upstream.addFilter(createPriorityGroups(upstream, {
      spillBelow,
      random,
      onSpill: rehearsal ? () => {} : () => spills.inc({ upstream: name })
    }))
  }
}

function addSlowStart (app: FastifyInstance): void {
  const { upstreams, clock, random } = app.gateway
  const shares = app.metrics.gauge({
    name: 'gateway_target_share',
    help: 'Part of its usual share that a target gets: below 1 while it warms up (slow start).',
    labelNames: ['upstream', 'target']
  })
  const warming: { readonly upstream: Upstream, readonly shareOf: (target: Target, now: number) => number }[] = []
  for (const upstream of upstreams.values()) {
    const { slowStart } = upstream.config
    if (slowStart === undefined) continue
    const options = readSlowStart(slowStart)
    const shareOf = ({ load }: Target, now: number): number => shareAt(now - load.openedAt, options)
    const describe = (target: Target, now: number, wallTime: (time: number) => number): object => (
      { share: Number(shareOf(target, now).toFixed(2)), until: wallTime(target.load.openedAt + options.window) }
    )
    warming.push({ upstream, shareOf })
    upstream.addFilter(createSlowStart(options, random))
    upstream.notes.push((target, now, wallTime) => (
      shareOf(target, now) < 1 ? { slowStart: describe(target, now, wallTime) } : undefined
    ))
  }
  app.metrics.onScrape(() => {
    const now = clock.now()
    // Removes the series of removed targets.
    shares.reset()
    for (const { upstream, shareOf } of warming) {
      for (const target of upstream.targets) shares.set({ upstream: upstream.name, target: target.url }, shareOf(target, now))
    }
  })
}

function showLatencies (app: FastifyInstance): void {
  const { upstreams, clock } = app.gateway
  const latencies = app.metrics.gauge({
    name: 'gateway_target_latency_seconds',
    help: 'What power-of-two takes for the latency of a target: a moving average that rises at once and falls slowly.',
    labelNames: ['upstream', 'target']
  })
  app.metrics.onScrape(() => {
    const now = clock.now()
    latencies.reset()
    for (const { name, targets, balancer } of upstreams.values()) {
      if (!(balancer instanceof PowerOfTwo)) continue
      for (const target of targets) {
        const latency = balancer.latency(target, now)
        if (latency !== undefined) latencies.set({ upstream: name, target: target.url }, latency / 1000)
      }
    }
  })
}

export default fp(loadBalancing, { name: 'load-balancing', fastify: '5.x', dependencies: ['metrics'] })
