/** Decides about requests for one policy: who is counted, by which limits, and what a verdict means for the request. */

import type { Exchange } from '../../../src/index.ts'
import type { Counts } from './counts.ts'
import { takeLocally } from './local-limit.ts'
import type { Plan, Tier } from './plan.ts'
import type { SharedLimit } from './shared-limit.ts'
import type { LimitDecision } from './rule.ts'

/** A verdict about a request, with all that is needed to tell of it. */
export interface Judgement {
  /** Undefined when the store does not answer and nobody else may decide. */
  readonly verdict: LimitDecision | undefined
  readonly tier: Tier
  /** What it was counted by, as a person reads it; made only when it is asked for. */
  readonly who: () => string
  /** Who decided, where there is a store. */
  readonly by: string | undefined
  /** Given where something must be done when the request has ended. */
  readonly release: (() => void) | undefined
}

/** Why a request is not counted. */
export interface Exempt {
  readonly exempt: string
}

export type Judge = (exchange: Exchange) => Judgement | Exempt | Promise<Judgement>

/** How the units of a key are taken. */
export type Taker = (tier: Tier, key: string, cost: number) => Taken | Promise<Taken>

/** What a {@link Taker} found. */
export interface Taken {
  readonly verdict: LimitDecision | undefined
  readonly by?: string
  readonly release?: () => void
}

/** Units that this gateway counts by itself. */
export function takeFrom (counts: Pick<Counts, 'entries'>, now: () => number): Taker {
  return ({ rules }, key, cost) => ({ verdict: takeLocally(counts.entries, rules, key, cost, now()) })
}

/** Units that all gateways count together. In a rehearsal nobody is asked. */
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

/** Requests on their way at once. */
export function takePlaces (counts: Pick<Counts, 'concurrency'>): Taker {
  return ({ atOnce }, key, cost) => {
    const { concurrency } = counts
    const active = concurrency.active(key)
    const allowed = cost === 0 || active < atOnce
    const window = { left: Math.max(0, atOnce - active - (allowed && cost > 0 ? 1 : 0)), fullAfter: 0, wait: allowed ? 0 : Infinity }
    const verdict = { allowed, retryAfter: window.wait, windows: [window] }
    if (!allowed || cost === 0) return { verdict }
    concurrency.enter(key)
    return { verdict, release: () => concurrency.leave(key) }
  }
}

/** Puts a plan and a way of taking together. */
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

/** A verdict in words, for whoever asks why. */
export function explain ({ verdict, tier, who, by }: Judgement): string {
  if (verdict === undefined) return 'the store does not answer'
  const whose = `${who()}${tier.name === undefined ? '' : ` (tier ${tier.name})`}${by === 'local' ? ', counted by this gateway alone' : ''}`
  const { windows } = verdict
  const of = (index: number): string => `${windows[index]!.left === 0 ? 'none' : windows[index]!.left} of ${tier.promised[index]!.capacity}`
  if (verdict.allowed) return `${windows.map((_window, index) => of(index)).join(' and ')} left for ${whose}`
  const violated = windows.findIndex(({ wait }) => wait > 0)
  const next = Number.isFinite(verdict.retryAfter) ? `, the next in ${Math.ceil(verdict.retryAfter)}ms` : ''
  return `${of(violated)} left for ${whose}${next}`
}
