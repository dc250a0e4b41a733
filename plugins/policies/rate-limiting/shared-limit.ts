/**
 * A limit that all gateways on one Redis keep together.
 *
 * Most requests call Redis. For a frequent key each call takes additional units in advance, a lease, and later requests
 * use it without a call. Units are charged when they are taken, so all gateways together never admit more than Redis
 * has granted. A rejection is cached for as long as Redis said that it lasts.
 *
 * In addition every gateway counts the requests that it admitted against its fair share of the limit. While Redis is
 * unavailable the share decides; for one window after Redis has lost its data, it has to allow a request too.
 */

import { shareOf, type TimeAlgorithm } from './algorithm.ts'
import { chargeLocally, takeLocally } from './local-limit.ts'
import type { RedisConnection } from './redis-connection.ts'
import { readGrant, scriptArguments, takeScript } from './redis-script.ts'
import type { StateTable } from '../../../src/index.ts'
import type { Rule, LimitDecision, WindowVerdict } from './rule.ts'
import { overflow, type Table } from './table.ts'

/** What a thread knows of a key without a call to Redis. Times are of the gateway's clock. */
export interface Pool {
  /** Units that were taken in advance and are not used yet. */
  tokens: number
  /** When they expire. */
  expiresAt: number
  /**
   * The cost that Redis rejected last; Infinity when it granted the last call. Until `deniedUntil` it is not
   * called for as many units again.
   */
  deniedCost: number
  deniedUntil: number
  /** Units that were admitted while Redis was unavailable. The next call reports them. */
  debt: number
  /** Units requested since `since`, and the units per millisecond before. */
  demand: number
  since: number
  pace: number
  /** Whether a call that takes units in advance is pending. */
  refilling: boolean
  /** The last result of Redis, and its time. */
  windows: readonly WindowVerdict[]
  toldAt: number
  /** When the entry may be dropped. */
  idleAt: number
}

/** The limits of a policy, or of one of its tiers. */
export interface SharedRules {
  readonly algorithm: TimeAlgorithm
  readonly rules: readonly Rule[]
  /** The prefix of its keys in Redis. It differs for rules that differ. */
  readonly keyPrefix: string
}

/** What is known of keys. */
interface SharedCounts {
  /** The gateway's own counts, in all its threads. */
  readonly entries: StateTable
  /** What this thread knows. */
  readonly pools: Table<Pool>
}

/** The options of a {@link SharedLimit}. */
export interface SharedLimitOptions {
  readonly connection: Pick<RedisConnection, 'up' | 'gateways' | 'forgotAt' | 'run'>
  readonly counts: SharedCounts
  readonly now: () => number
  /** How long a decision may take, in milliseconds. */
  readonly timeout: number
  /** The time for which units are taken in advance, in milliseconds; 0 for never. */
  readonly lease: number
  /** The threads of this gateway, each of which takes units in advance; together they have one share. */
  readonly threads: number
  /** Whether the gateway decides by its own share while Redis is unavailable. */
  readonly alone: boolean
  /** True: what is known of keys is only read. */
  readonly rehearsal?: boolean
}

/** The share of a limit that all gateways together may hold in advance. */
const leasable = 0.1

/** The longest time that a rejection is cached, because Redis may have been emptied meanwhile. */
const longestDenial = 1000
/** The longest time that an entry is kept for the case that Redis becomes unavailable. */
const longestMemory = 60_000

/** Who decided. */
export type Decider = 'redis' | 'lease' | 'local'

/** A verdict and what decided it. */
export interface SharedVerdict extends LimitDecision {
  readonly by: Decider
}

export class SharedLimit {
  readonly #options: SharedLimitOptions
  /** The rules for a share, by the number of gateways, for each set of rules. */
  readonly #shares = new Map<SharedRules, { gateways: number, rules: readonly Rule[] }>()

  constructor (options: SharedLimitOptions) {
    this.#options = options
  }

  /**
   * Takes `cost` units for a key. Returns at once where no call to Redis is needed or possible. A returned promise
   * never rejects. Undefined when no decision is possible.
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
      const own = takeLocally(this.#options.counts.entries, this.#share(shared), key, this.#affordable(shared, cost), now)
      if (!own.allowed) return { ...own, by: 'local' }
    }
    return this.#ask(shared, key, cost, pool, guarded)
  }

  /** Takes `cost` units of this gateway's own share. */
  takeAlone (shared: SharedRules, key: string, cost: number, pool = this.#pool(key, this.#options.now())): SharedVerdict {
    const { counts: { entries }, now, rehearsal } = this.#options
    const told = pool === undefined ? undefined : refusalOf(pool, cost, now())
    if (told !== undefined) return { ...told, by: 'local' }
    const verdict = takeLocally(entries, this.#share(shared), key, this.#affordable(shared, cost), now)
    if (verdict.allowed && pool !== undefined && rehearsal !== true) {
      pool.debt += cost
      pool.idleAt = now() + longest(shared.rules)
    }
    return { ...verdict, by: 'local' }
  }

  #takeLeased (shared: SharedRules, key: string, cost: number, pool: Pool): SharedVerdict {
    pool.tokens -= cost
    chargeLocally(this.#options.counts.entries, this.#share(shared), key, cost, this.#options.now)
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
      if (!charged) chargeLocally(entries, this.#share(shared), key, cost, now)
      return { allowed: true, retryAfter: 0, windows: withTokens(windows, granted - cost), by: 'redis' }
    } catch {
      if (pool !== undefined) pool.debt += debt
      if (!alone) return undefined
      return charged ? { allowed: true, retryAfter: 0, windows: [], by: 'local' } : this.takeAlone(shared, key, cost, pool)
    } finally {
      if (pool !== undefined && more > 0) pool.refilling = false
    }
  }

  /** The entry of a key; undefined where the table is full. */
  #pool (key: string, now: number): Pool | undefined {
    const { counts: { pools }, lease, rehearsal } = this.#options
    if (rehearsal === true) return pools.get(key)
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

  /** The number of units to take in advance: as many as are likely to be used, limited so that other gateways and threads get theirs. */
  #more (rules: readonly Rule[], { pace }: Pool): number {
    const { connection, lease, threads } = this.#options
    const most = Math.min(...rules.map(({ capacity }) => capacity)) * leasable / (connection.gateways * threads)
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

  /** A cost above the capacity of the share takes all of it. Otherwise such a request would never pass. */
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

/** The last result of Redis, as long as it is valid: a key that had to wait still has to. */
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

/** Converts a result of `elapsed` milliseconds ago to the present. */
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
