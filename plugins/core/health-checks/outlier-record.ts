/** The record of one target for outlier ejection. Plain data, so that it is kept across reloads. Times are milliseconds. */

/** Names of the reasons for an ejection. */
export type OutlierReason = 'consecutive-5xx' | 'consecutive-gateway-failures' | 'success-rate'

export interface OutlierRecord {
  /** In a row. */
  serverErrors: number
  /** In a row. */
  gatewayFailures: number
  /** In this interval. */
  requests: number
  successes: number
  ejectedAt: number
  ejectedUntil: number
  /** Factor of the last ejection's length. */
  ejections: number
  reason: OutlierReason | undefined
  why: string
  told: boolean
}

/** The record of a new target. */
export function newRecord (): OutlierRecord {
  return {
    serverErrors: 0,
    gatewayFailures: 0,
    requests: 0,
    successes: 0,
    ejectedAt: -Infinity,
    ejectedUntil: -Infinity,
    ejections: 0,
    reason: undefined,
    why: '',
    told: true
  }
}
