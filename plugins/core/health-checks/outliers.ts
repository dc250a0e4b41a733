/**
 * Outlier ejection: compares the targets of an upstream with each other and takes the odd one out for a while.
 *
 * The rules are Envoy's: so many 5xx in a row, so many gateway failures in a row, or a success rate far below the mean; the time out grows
 * with the number of ejections, and only a share of the targets may be out at once, because when all are odd, none is.
 * Times are milliseconds of a clock that never jumps.
 */

import { type Attempt, judgedStatus } from '../../../src/index.ts'
import type { OutlierReason, OutlierRecord } from './outlier-record.ts'
import { belowTheRest, type DeviationOptions } from './success-rates.ts'
import type { TrafficCheck } from './traffic-check.ts'

export interface OutlierOptions extends DeviationOptions {
  /** 0 switches it off. */
  readonly consecutive5xx: number
  /** 0 switches it off. */
  readonly consecutiveGatewayFailures: number
  readonly interval: number
  readonly ejectFor: number
  readonly maxEjectFor: number
  /** Share of the targets. */
  readonly maxEjected: number
}

export interface OutlierGroupOptions {
  readonly options: OutlierOptions
  /** One cell: when the interval under way ends. */
  readonly schedule: Float64Array
  /** The records of the targets that get traffic now. */
  readonly members: () => readonly OutlierRecord[]
  readonly onEject: (record: OutlierRecord, now: number) => void
}

/** The targets of one upstream, as one generation sees them. */
export class OutlierGroup {
  readonly #given: OutlierGroupOptions

  constructor (given: OutlierGroupOptions) {
    this.#given = given
  }

  /** The check of one target. */
  check (record: OutlierRecord): TrafficCheck {
    return {
      name: 'outliers',
      get told () { return record.told },
      get since () { return record.since },
      tell: (healthy, now) => record.tell(healthy, now),
      hear: (attempt, now) => this.#hear(record, attempt, now),
      healthy: now => now >= record.ejectedUntil,
      recoversAt: now => Math.max(now, record.ejectedUntil),
      describe: now => now < record.ejectedUntil ? `ejected: ${record.describe()}` : 'not ejected'
    }
  }

  #hear (record: OutlierRecord, attempt: Attempt, now: number): void {
    if (now >= this.#given.schedule[0]!) this.#compare(now)
    // Attempts that began before the ejection are already accounted for.
    if (now < record.ejectedUntil || attempt.startedAt < record.ejectedAt) return
    const { consecutive5xx, consecutiveGatewayFailures } = this.#given.options
    record.count(attempt.outcome === 'success', isServerError(attempt), isGatewayFailure(attempt))
    if (consecutiveGatewayFailures > 0 && record.gatewayFailures >= consecutiveGatewayFailures) {
      this.#eject(record, 'consecutive-gateway-failures', now)
    } else if (consecutive5xx > 0 && record.serverErrors >= consecutive5xx) {
      this.#eject(record, 'consecutive-5xx', now)
    }
  }

  /** The interval is over. */
  #compare (now: number): void {
    const { schedule, options, members } = this.#given
    schedule[0] = now + options.interval
    const records = members()
    for (const record of belowTheRest(records, options)) {
      if (now >= record.ejectedUntil) this.#eject(record, 'success-rate', now)
    }
    for (const record of records) record.startInterval()
  }

  #eject (record: OutlierRecord, reason: OutlierReason, now: number): void {
    const { options, onEject } = this.#given
    if (!this.#mayEject(now)) return
    const quiet = record.ejections === 0 ? 0 : Math.floor((now - record.ejectedUntil) / options.interval)
    const ejections = Math.max(0, record.ejections - quiet) + 1
    record.eject(reason, ejections, now, now + Math.min(options.ejectFor * ejections, options.maxEjectFor))
    onEject(record, now)
  }

  #mayEject (now: number): boolean {
    const records = this.#given.members()
    const out = records.filter(({ ejectedUntil }) => now < ejectedUntil).length
    return records.length > 1 && out < Math.max(1, Math.floor(this.#given.options.maxEjected * records.length))
  }
}

/** No response, a truncated one, or a 5xx. */
function isServerError (attempt: Attempt): boolean {
  const status = judgedStatus(attempt)
  return attempt.outcome === 'failure' && (attempt.failure !== undefined || status === undefined || status >= 500)
}

/** No complete response, or a status of a failed gateway. */
function isGatewayFailure (attempt: Attempt): boolean {
  const status = judgedStatus(attempt)
  return attempt.outcome === 'failure' && (attempt.failure !== undefined || status === undefined || (status >= 502 && status <= 504))
}
