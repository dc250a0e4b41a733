/** What threads of tests do with the counts of limits that they share. */

import { takeEntries, takeProgress } from '../../plugins/policies/rate-limiting/counts.ts'
import { compileRules, timeAlgorithms, type TimeAlgorithm } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import type { Rule } from '../../plugins/policies/rate-limiting/rule.ts'
import type { RateValue } from '../../src/config/index.ts'
import type { StateTable } from '../../src/contract/state.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { LiveHolder } from '../../src/state/live-holder.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { ThreadContext } from '../helpers/threads.ts'

/** A policy, and what its clients do. */
export interface HammeredLimit {
  readonly algorithm: TimeAlgorithm
  /** The limits of each tier. The client with number n is in tier n, modulo the number of tiers. */
  readonly tiers: readonly (readonly RateValue[])[]
  readonly burst?: number
  /** Number of clients, and the most that have rows of their own. */
  readonly clients: number
  readonly maxKeys?: number
  /** The most units of a request. */
  readonly mostUnits: number
  /** Milliseconds by which each decision moves the clock on. */
  readonly pace: number
  /** Decisions of each thread. */
  readonly times: number
}

export interface HammerInput {
  readonly buffer: SharedArrayBuffer
  /** For each limit, how many times its clock was read: by all threads together. */
  readonly ticks: SharedArrayBuffer
  readonly limits: readonly HammeredLimit[]
}

/** A decision takes four numbers in a list: the tick of the clock at which it was made, client, units, and 1 where they were taken. */
export const decisionLength = 4

export function rulesOf ({ algorithm, tiers, burst }: HammeredLimit): readonly (readonly Rule[])[] {
  return tiers.map(limits => compileRules(algorithm, limits, burst))
}

/** A generation with the counts of a limit. */
export function entriesOf (holder: LiveHolder, limit: HammeredLimit, name: string): StateTable {
  const options = { ...limit, policy: name, limit: 1, key: 'ip', maxKeys: limit.maxKeys ?? 10_000 }
  const tiers = rulesOf(limit).map(rules => ({ rules }))
  return takeEntries({ clock: { now: () => 0, wall: () => 0 }, table: holder.table, task: holder.task }, options as never, tiers)
}

/** Numbers of a thread that look random. */
function numbers (seed: number): (below: number) => number {
  let state = seed * 7919 + 12345
  return below => {
    state = Math.imul(state, 1_103_515_245) + 12345 & 0x7fff_ffff
    return (state >>> 8) % below
  }
}

/** Decides for all limits, one after the other. In the middle of each a new generation takes the place of the old one. */
export async function decide ({ buffer, ticks: shared, limits }: HammerInput, { index }: ThreadContext): Promise<Float64Array[]> {
  const holdings = new Holdings(SharedMemory.attach(buffer, index + 1))
  const ticks = new Int32Array(shared)
  const decisions: Float64Array[] = []
  for (const [at, limit] of limits.entries()) {
    const rules = rulesOf(limit)
    const below = numbers(index)
    const made = new Float64Array(limit.times * decisionLength)
    let holder = holdings.hold()
    let entries = entriesOf(holder, limit, String(at))
    let tick = 0
    const now = (): number => {
      tick = Atomics.add(ticks, at, 1)
      return tick * limit.pace
    }
    for (let time = 0; time < limit.times; time++) {
      if (time === limit.times >> 1) {
        const newer = holdings.hold()
        entries = entriesOf(newer, limit, String(at))
        await holder.release()
        holder = newer
      }
      const client = below(limit.clients)
      const units = 1 + below(limit.mostUnits)
      const { allowed } = takeLocally(entries, rules[client % rules.length]!, `client ${client}`, units, now)
      made.set([tick, client, units, allowed ? 1 : 0], time * decisionLength)
    }
    decisions.push(made)
  }
  return decisions
}

/** Memory of the gateway, and a cell for each thread, in which it counts how often it took a unit of each limit. */
export interface ForEverInput {
  readonly buffer: SharedArrayBuffer
  readonly taken: SharedArrayBuffer
}

/** A limit of each algorithm that nobody reaches. Its times are whole numbers. */
export function endlessLimits (holdings: Holdings): readonly { readonly rule: Rule, readonly entries: StateTable }[] {
  const holder = holdings.hold()
  return timeAlgorithms.map(algorithm => {
    const limit = { algorithm, tiers: [[{ limit: 1e9, window: 1e9 }]], clients: 1, mostUnits: 1, pace: 0, times: 0 }
    return { rule: rulesOf(limit)[0]![0]!, entries: entriesOf(holder, limit, algorithm) }
  })
}

/** Takes units of one client for ever, at a clock that stands. */
export function takeForEver ({ buffer, taken }: ForEverInput, context: ThreadContext): void {
  const limits = endlessLimits(new Holdings(SharedMemory.attach(buffer, context.index + 1)))
  const own = new Float64Array(taken)
  context.say('begun')
  for (;;) {
    for (const { rule, entries } of limits) takeLocally(entries, [rule], 'client', 1, () => 0)
    own[context.index]!++
  }
}

/** What is needed to be many clients of a limit of concurrent requests. */
export interface ProgressInput {
  readonly buffer: SharedArrayBuffer
  /** Requests in progress by client, as the threads themselves count them, and the most that there ever were. */
  readonly seen: SharedArrayBuffer
  readonly clients: number
  readonly most: number
  readonly times: number
}

export const progressOptions = { policy: 'concurrent', algorithm: 'concurrency', limit: 3, key: 'ip', maxKeys: 1000 } as const

/** Begins and ends requests. Leaves one open for each client where there is room, and is then not heard of again. */
export function beginAndEnd ({ buffer, seen, clients, most, times }: ProgressInput, { index }: ThreadContext): number {
  const progress = takeProgress(new Holdings(SharedMemory.attach(buffer, index + 1)).hold(), progressOptions)
  const counts = new Int32Array(seen)
  const below = numbers(index)
  const open: { readonly client: number, readonly counted: string }[] = []
  let over = 0
  for (let time = 0; time < times; time++) {
    const client = below(clients)
    const counted = progress.enter(`client ${client}`, most)
    if (counted !== undefined) {
      if (Atomics.add(counts, client, 1) >= most) over++
      open.push({ client, counted })
    }
    if (open.length > 5 || (counted === undefined && open.length > 0)) {
      const ended = open.shift()!
      Atomics.sub(counts, ended.client, 1)
      progress.leave(ended.counted)
    }
  }
  return over
}
