/** Decides about requests for one policy: finds the key and tier of a request, takes its units, and returns the verdict. */

import type { Exchange, KeyedCounts, StateTable } from '../../../src/index.ts'
import { takeLocally } from './local-limit.ts'
import type { Plan, Tier } from './plan.ts'
import type { SharedLimit } from './shared-limit.ts'
import type { LimitDecision } from './rule.ts'

/** The verdict about a request, with what is needed to report it. */
export interface Judgement {
  /** Undefined when the store is unavailable and the gateway must not decide alone. */
  readonly verdict: LimitDecision | undefined
  readonly tier: Tier
  /** The key in readable form. Built only when it is called. */
  readonly who: () => string
  /** Whether the store or the gateway decided, where there is a store. */
  readonly by: string | undefined
  /** To be called when the request has ended, if set. */
  readonly release: (() => void) | undefined
}

/** Why a request is not counted. */
export interface Exempt {
  readonly exempt: string
}

export type Judge = (exchange: Exchange) => Judgement | Exempt | Promise<Judgement>

/** Takes the units of a key. */
export type Taker = (tier: Tier, key: string, cost: number) => Taken | Promise<Taken>

/** The result of a {@link Taker}. */
export interface Taken {
  readonly verdict: LimitDecision | undefined
  readonly by?: string
  readonly release?: () => void
}

/** Takes units that this gateway counts by itself. */
export function takeFrom (entries: StateTable, now: () => number): Taker {
  return ({ rules }, key, cost) => ({ verdict: takeLocally(entries, rules, key, cost, now) })
}

/** Takes units that all gateways count together. A rehearsal does not ask Redis. */
export function takeShared (limit: SharedLimit, rehearsal: boolean): Taker {
  const taken = (verdict: Awaited<ReturnType<SharedLimit['take']>>): Taken => verdict === undefined ? { verdict } : {
    verdict,
    by: verdict.by
  }
  if (rehearsal) return (tier, key, cost) => taken(limit.takeAlone(tier, key, cost))
  return (tier, key, cost) => {
    const verdict = limit.take(tier, key, cost)
    return verdict instanceof Promise ? verdict.then(taken) : taken(verdict)
  }
}

/** Counts a request as one in progress. */
export function takePlace (progress: KeyedCounts): Taker {
  return ({ atOnce }, key) => {
    const counted = progress.enter(key, atOnce)
    if (counted === undefined) return { verdict: noPlace }
    const window = { left: Math.max(0, atOnce - progress.of(counted)), fullAfter: 0, wait: 0 }
    return { verdict: { allowed: true, retryAfter: 0, windows: [window] }, release: () => progress.leave(counted) }
  }
}

const noPlace: LimitDecision = { allowed: false, retryAfter: Infinity, windows: [{ left: 0, fullAfter: 0, wait: Infinity }] }

/** Combines a plan and a taker to a limiter. */
export function createJudge (plan: Plan, take: Taker): Judge {
  return exchange => {
    const exempt = plan.exemption?.(exchange)
    if (exempt !== undefined) return { exempt }
    const cost = plan.cost(exchange)
    if (cost === 0) return { exempt: 'its route costs nothing' }
    const tier = plan.tier(exchange)
    const judgement = ({ verdict, by, release }: Taken): Judgement => ({ verdict, tier, who: () => plan.describe(exchange), by, release })
    const taken = take(tier, plan.key(exchange, tier), cost)
    return taken instanceof Promise ? taken.then(judgement) : judgement(taken)
  }
}

/** A verdict in words, for `explain` and the log. */
export function explain ({ verdict, tier, who, by }: Judgement): string {
  if (verdict === undefined) return 'the store does not respond'
  const whose = `${who()}${tier.name === undefined ? '' : ` (tier ${tier.name})`}${by === 'local' ? ', counted by this gateway alone' : ''}`
  const { windows } = verdict
  const of = (index: number): string => `${windows[index]!.left === 0 ? 'none' : windows[index]!.left} of ${tier.promised[index]!.capacity}`
  if (verdict.allowed) return `${windows.map((_window, index) => of(index)).join(' and ')} left for ${whose}`
  const violated = windows.findIndex(({ wait }) => wait > 0)
  const next = Number.isFinite(verdict.retryAfter) ? `, the next in ${Math.ceil(verdict.retryAfter)}ms` : ''
  return `${of(violated)} left for ${whose}${next}`
}
