/**
 * Priority groups: targets of a lower group are used as far as those above cannot take the traffic. As in Envoy a group gets
 * `open share / spillBelow` of what is left, at most all of it, so traffic moves over step by step and not all at once.
 */

import type { Exchange, Random, Target, TargetFilter, Upstream } from '../../../src/index.ts'

/** The options of a filter. */
export interface PriorityOptions {
  /** From 0 to 1: while at least this share of a group is open, by weight, it needs no help. With 0 it gets help only when none is open. */
  readonly spillBelow: number
  readonly random: Random
  /** Called when a request goes to another group than the first. */
  readonly onSpill: () => void
}

interface Group {
  readonly priority: number
  /** Sum of the weights of all its targets. */
  readonly weight: number
}

/** Narrows the open targets to those of one group. */
export function createPriorityGroups (upstream: Upstream, { spillBelow, random, onSpill }: PriorityOptions): TargetFilter {
  let targets: readonly Target[] | undefined
  let groups: readonly Group[] = []
  let loads = new Float64Array(0)
  return (open, exchange) => {
    if (upstream.targets !== targets) {
      targets = upstream.targets
      groups = groupsOf(targets)
      loads = new Float64Array(groups.length)
    }
    if (groups.length < 2) return open
    measure(groups, upstream.targets, open, exchange, loads)
    const chosen = groups[choose(loads, spillBelow, random)]!
    const inGroup = open.filter(target => priorityOf(target) === chosen.priority)
    if (chosen !== groups[0]) onSpill()
    exchange.decisions?.push({
      by: 'load-balancing',
      verdict: 'group',
      why: `priority ${chosen.priority}; open by weight: ` +
        `${groups.map(({ priority }, index) => `${priority}: ${Math.round(loads[index]! * 100)} %`).join(', ')}`
    })
    return inGroup
  }
}

/** Priority of a target, 0 unless it has one; lower numbers come first. */
export function priorityOf (target: Target): number {
  return target.config.priority ?? 0
}

/**
 * The group that serves one request, by its place.
 * @param shares how much of each group is open, from 0 to 1; at least one is above 0
 */
export function choose (shares: ArrayLike<number>, spillBelow: number, random: Random): number {
  let total = 0
  for (let index = 0; index < shares.length; index++) total += loadOf(shares[index]!, spillBelow)
  // When all groups together cannot take the traffic, each takes more than it should, in proportion.
  let point = total >= 1 ? random() : random() * total
  let last = 0
  for (let index = 0; index < shares.length; index++) {
    const load = loadOf(shares[index]!, spillBelow)
    if (load === 0) continue
    last = index
    point -= load
    if (point < 0) break
  }
  return last
}

/** The part of the traffic that a group can take. */
function loadOf (share: number, spillBelow: number): number {
  return share === 0 ? 0 : Math.min(1, share / spillBelow)
}

function groupsOf (targets: readonly Target[]): Group[] {
  const weights = new Map<number, number>()
  for (const target of targets) weights.set(priorityOf(target), (weights.get(priorityOf(target)) ?? 0) + target.weight)
  return Array.from(weights, ([priority, weight]) => ({ priority, weight }))
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => a.priority - b.priority)
}

/** Writes how much of each group is open into `shares`. A target that this request has already tried is no sign that its group is weak. */
function measure (
  groups: readonly Group[],
  targets: readonly Target[],
  open: readonly Target[],
  exchange: Exchange,
  shares: Float64Array
): void {
  for (let index = 0; index < groups.length; index++) {
    const { priority, weight } = groups[index]!
    let there = 0
    let tried = 0
    for (const target of open) if (priorityOf(target) === priority) there += target.weight
    if (exchange.attempts.length > 0) {
      for (const target of targets) {
        if (priorityOf(target) === priority && exchange.tried(target) && !open.includes(target)) tried += target.weight
      }
    }
    shares[index] = there === 0 ? 0 : Math.min(1, (there + tried) / weight)
  }
}
