/** The `grpc-timeout` field: at most eight digits and a unit (gRPC over HTTP/2, "Requests"). */

/** Milliseconds of each unit. */
const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 0.001, n: 0.000001 }

/** A nanosecond, the rounding error of a difference of two times: without it, two seconds that are left may be written as less. */
const forgiven = 1e-6

/** The largest number that the field can have. */
const largest = 99_999_999

/** Returns the time in milliseconds; undefined for a value that is no timeout. */
export function readGrpcTimeout (value: string): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(value)
  return match === null ? undefined : Number(match[1]) * units[match[2]!]!
}

/**
 * Writes a time in milliseconds, in the finest unit that holds it. Rounds down, so that a target has no more time than there is.
 * A time of less than a microsecond is `0u`.
 */
export function writeGrpcTimeout (milliseconds: number): string {
  const left = Math.max(0, milliseconds) + forgiven
  for (const unit of ['u', 'm', 'S', 'M'] as const) {
    const count = Math.floor(left / units[unit]!)
    if (count <= largest) return `${count}${unit}`
  }
  return `${Math.min(largest, Math.floor(left / units['H']!))}H`
}
