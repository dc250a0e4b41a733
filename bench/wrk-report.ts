/** What wrk prints at its end, as numbers. */

/** One run of wrk. */
export interface WrkReport {
  readonly requests: number
  readonly seconds: number
  /** Latencies in microseconds. */
  readonly p50: number
  readonly p99: number
  /** Responses with a status that is neither 2xx nor 3xx. */
  readonly otherStatuses: number
  /** Connections that failed, reads, writes and timeouts. */
  readonly socketErrors: number
}

const units: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 }

/**
 * Reads the report of `wrk --latency`.
 * @throws Error when the text is none
 */
export function readReport (text: string): WrkReport {
  const total = /^\s*(\d+) requests in ([\d.]+)([a-z]+),/m.exec(text)
  if (total === null) throw new Error(`wrk has not said what it did:\n${text}`)
  const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)
  return {
    requests: Number(total[1]),
    seconds: microseconds(total[2]!, total[3]!) / 1e6,
    p50: percentile(text, 50),
    p99: percentile(text, 99),
    otherStatuses: Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
    socketErrors: errors === null ? 0 : errors.slice(1).reduce((sum, count) => sum + Number(count), 0)
  }
}

function percentile (text: string, share: number): number {
  // A unit of one letter has a space behind it.
  const found = new RegExp(`^\\s*${share}%\\s+([\\d.]+)([a-z]+) *$`, 'm').exec(text)
  return found === null ? NaN : microseconds(found[1]!, found[2]!)
}

function microseconds (value: string, unit: string): number {
  return Number(value) * (units[unit] ?? NaN)
}
