/**
 * A limit that all gateways on one Redis keep together.
 *
 * Most requests ask Redis. A key that is asked for often takes some units more with each question, a lease, and serves
 * from it without asking. They are charged when they are taken, so all gateways together never let through more than
 * Redis has granted. A refusal is remembered for as long as Redis said it would last.
 *
 * Beside it every gateway counts, for its fair share of the limit, what it let through itself. While Redis does not
 * answer, the share decides; it also has a say for one window after Redis has forgotten what it knew.
 */

import { shareOf, type TimeAlgorithm } from './algorithm.ts'
import { chargeLocally, takeLocally } from './local-limit.ts'
import type { RedisConnection } from './redis-connection.ts'
import { readGrant, scriptArguments, takeScript } from './redis-script.ts'
import type { Rule, State, LimitDecision, WindowVerdict } from './rule.ts'
import { overflow, type Entries } from './table.ts'

/** What a gateway knows of a key without asking. Times are of the gateway's clock. */
export interface Pool {
  /** Units that are taken and not used yet. */
  tokens: number
  /** When they are given up. */
  expiresAt: number
  /** What Redis refused last, Infinity when it granted the last question; until `deniedUntil` it is not asked again. */
  deniedCost: number
  deniedUntil: number
  /** Units that were let through while Redis did not answer; it is told with the next question. */
  debt: number
  /** Units asked for since `since`, and how many in a millisecond before. */
  demand: number
  since: number
  pace: number
  /** Whether a question that asks for more is on its way. */
  refilling: boolean
  /** What Redis said last, and when. */
  windows: readonly WindowVerdict[]
  toldAt: number
  /** When there will be nothing worth knowing here. */
  idleAt: number
}

/** The limits of a policy, or of one of its tiers. */
export interface SharedRules {
  readonly algorithm: TimeAlgorithm
  readonly rules: readonly Rule[]
  /** First part of its keys in Redis, up to the client's own; different for rules that differ. */
  readonly keyPrefix: string
}

/** What a gateway remembers of keys. */
interface SharedCounts {
  /** What this gateway let through by itself. */
  readonly entries: Entries<State>
  readonly pools: Entries<Pool>
}

/** What a {@link SharedLimit} is made of. */
export interface SharedLimitOptions {
  readonly connection: Pick<RedisConnection, 'up' | 'gateways' | 'forgotAt' | 'run'>
  readonly counts: SharedCounts
  readonly now: () => number
  /** How long a decision may take, in milliseconds. */
  readonly timeout: number
  /** How long units are taken in advance for, in milliseconds; 0 for never. */
  readonly lease: number
  /** Whether this gateway decides by its own share while Redis does not answer. */
  readonly alone: boolean
}

/** The share of a limit that all gateways together may hold in advance. */
const leasable = 0.1

/** Longest that a refusal is remembered, because Redis may have been emptied meanwhile. */
const longestDenial = 1000
/** Longest that it is remembered for the case that Redis goes away. */
const longestMemory = 60_000

/** Who decided. */
export type Decider = 'redis' | 'lease' | 'local'

/** A verdict and whose it is. */
export interface SharedVerdict extends LimitDecision {
  readonly by: Decider
}

export class SharedLimit {
  readonly #options: SharedLimitOptions
  /** Rules by the number of gateways that share them, one set for each rules. */
  readonly #shares = new Map<SharedRules, { gateways: number, rules: readonly Rule[] }>()

  constructor (options: SharedLimitOptions) {
    this.#options = options
  }

  /**
   * Takes `cost` units for a key. At once where Redis need not be asked or cannot be; a promise never
   * rejects. Undefined when nobody can decide.
   */
  take (shared: SharedRules, key: string, cost: number): SharedVerdict | undefined | Promise<SharedVerdict | undefined> {
    const { connection, now, alone } = this.#options
    const time = now()
    const pool = this.#pool(key, time)
    if (!connection.up) return alone ? this.takeAlone(shared, key, cost, pool) : undefined
    if (pool !== undefined) {
      this.#measure(pool, cost, time)
      if (pool.tokens >= cost && time < pool.expiresAt) return this.#takeLeased(shared, key, cost, pool)
      const told = time < pool.deniedUntil ? refusalOf(pool, cost, time) : undefined
      if (told !== undefined) return { ...told, by: 'lease' }
    }
    const guarded = time < connection.forgotAt + longest(shared.rules)
    if (guarded) {
      const own = takeLocally(this.#options.counts.entries, this.#share(shared), key, this.#affordable(shared, cost), time)
      if (!own.allowed) return { ...own, by: 'local' }
    }
    return this.#ask(shared, key, cost, pool, guarded)
  }

  /** Takes `cost` units of this gateway's own share. */
  takeAlone (shared: SharedRules, key: string, cost: number, pool = this.#pool(key, this.#options.now())): SharedVerdict {
    const { counts: { entries }, now } = this.#options
    const told = pool === undefined ? undefined : refusalOf(pool, cost, now())
    if (told !== undefined) return { ...told, by: 'local' }
    const verdict = takeLocally(entries, this.#share(shared), key, this.#affordable(shared, cost), now())
    if (verdict.allowed && pool !== undefined) {
      pool.debt += cost
      pool.idleAt = now() + longest(shared.rules)
    }
    return { ...verdict, by: 'local' }
  }

  #takeLeased (shared: SharedRules, key: string, cost: number, pool: Pool): SharedVerdict {
    pool.tokens -= cost
    chargeLocally(this.#options.counts.entries, this.#share(shared), key, cost, this.#options.now())
    return { allowed: true, retryAfter: 0, windows: withTokens(pool.windows, pool.tokens), by: 'lease' }
  }

  async #ask (
    shared: SharedRules,
    key: string,
    cost: number,
    pool: Pool | undefined,
    charged: boolean
  ): Promise<SharedVerdict | undefined> {
    const { connection, counts: { entries }, now, timeout, lease, alone } = this.#options
    const more = pool === undefined || pool.refilling ? 0 : this.#more(shared.rules, pool)
    const debt = pool?.debt ?? 0
    if (pool !== undefined) {
      pool.debt = 0
      if (more > 0) pool.refilling = true
    }
    const askedAt = now()
    try {
      const reply = await connection.run(
        takeScript,
        `${shared.keyPrefix}${key}}`,
        [shared.algorithm, ...[cost, more, debt].map(String), ...scriptArguments(shared.algorithm, shared.rules)],
        timeout
      )
      const { granted, windows } = readGrant(reply)
      if (pool !== undefined) remember(pool, { windows, cost, extra: granted - cost, asked: more, askedAt, lease })
      if (granted === 0) return { allowed: false, retryAfter: longestWait(windows), windows, by: 'redis' }
      if (!charged) chargeLocally(entries, this.#share(shared), key, cost, askedAt)
      return { allowed: true, retryAfter: 0, windows: withTokens(windows, granted - cost), by: 'redis' }
    } catch {
      if (pool !== undefined) pool.debt += debt
      if (!alone) return undefined
      return charged ? { allowed: true, retryAfter: 0, windows: [], by: 'local' } : this.takeAlone(shared, key, cost, pool)
    } finally {
      if (pool !== undefined && more > 0) pool.refilling = false
    }
  }

  /** What a gateway remembers of a key; undefined where there is no room. */
  #pool (key: string, now: number): Pool | undefined {
    const { counts: { pools }, lease } = this.#options
    const slot = pools.slot(key, now)
    if (slot === overflow) return undefined
    const known = pools.get(slot)
    if (known !== undefined) return known
    const pool: Pool = {
      tokens: 0,
      expiresAt: 0,
      deniedCost: Infinity,
      deniedUntil: 0,
      debt: 0,
      demand: 0,
      since: now,
      pace: 0,
      refilling: false,
      windows: [],
      toldAt: now,
      idleAt: now + 2 * lease
    }
    pools.set(slot, pool)
    return pool
  }

  #measure (pool: Pool, cost: number, now: number): void {
    const { lease } = this.#options
    const elapsed = now - pool.since
    if (elapsed >= lease && elapsed > 0) {
      pool.pace = pool.demand / elapsed
      pool.demand = 0
      pool.since = now
    }
    pool.demand += cost
    pool.idleAt = Math.max(pool.idleAt, now + 2 * lease)
  }

  /** How many units are worth taking in advance: as many as are likely to be used, and never so many that others would miss them. */
  #more (rules: readonly Rule[], { pace }: Pool): number {
    const { connection, lease } = this.#options
    const most = Math.min(...rules.map(({ capacity }) => capacity)) * leasable / connection.gateways
    return Math.floor(Math.min(pace * lease, most))
  }

  #share (shared: SharedRules): readonly Rule[] {
    const { gateways } = this.#options.connection
    let share = this.#shares.get(shared)
    if (share?.gateways !== gateways) {
      share = { gateways, rules: shareOf(shared.algorithm, shared.rules, gateways) }
      this.#shares.set(shared, share)
    }
    return share.rules
  }

  /** What costs more than a share can ever hold takes all of it, instead of never passing. */
  #affordable (shared: SharedRules, cost: number): number {
    return Math.min(cost, ...this.#share(shared).map(({ capacity }) => capacity))
  }
}

interface Answer {
  readonly windows: readonly WindowVerdict[]
  readonly cost: number
  readonly extra: number
  readonly asked: number
  readonly askedAt: number
  readonly lease: number
}

function remember (pool: Pool, { windows, cost, extra, asked, askedAt, lease }: Answer): void {
  pool.windows = windows
  pool.toldAt = askedAt
  if (extra < 0) {
    pool.deniedCost = cost
    pool.deniedUntil = askedAt + Math.min(longestDenial, longestWait(windows))
    pool.idleAt = Math.max(pool.idleAt, askedAt + Math.min(longestWait(windows), longestMemory))
    return
  }
  pool.deniedCost = Infinity
  if (asked === 0) return
  pool.tokens = extra
  pool.expiresAt = askedAt + lease
}

/** What Redis said, as long as it holds: who had to wait has to wait on. */
function refusalOf ({ windows, toldAt, deniedCost }: Pool, cost: number, now: number): LimitDecision | undefined {
  const retryAfter = longestWait(windows) - (now - toldAt)
  if (cost < deniedCost || !(retryAfter > 0)) return undefined
  return { allowed: false, retryAfter, windows: aged(windows, now - toldAt) }
}

function withTokens (windows: readonly WindowVerdict[], tokens: number): readonly WindowVerdict[] {
  return tokens === 0 ? windows : windows.map(window => ({ ...window, left: window.left + tokens }))
}

function longestWait (windows: readonly WindowVerdict[]): number {
  return Math.max(...windows.map(({ wait }) => wait))
}

/** What was true `elapsed` milliseconds ago, as it is now. */
function aged (windows: readonly WindowVerdict[], elapsed: number): readonly WindowVerdict[] {
  return windows.map(({ left, fullAfter, wait }) => ({
    left,
    fullAfter: Math.max(0, fullAfter - elapsed),
    wait: wait === 0 ? 0 : Math.max(1, wait - elapsed)
  }))
}

function longest (rules: readonly Rule[]): number {
  return Math.max(...rules.map(({ rate }) => rate.window))
}
