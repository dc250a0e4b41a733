/** Random ids for traces and spans, taken from a pool, because a call to the random source costs more than an id. */

/** Makes ids in lower-case hexadecimal, never all zero. */
export interface TraceIds {
  /** 32 digits. */
  traceId (): string
  /** 16 digits. */
  spanId (): string
}

/** Bytes drawn at a time: 170 requests' worth of one trace id and one span id. */
const POOL = 4080

/** Makes a source of ids. `fill` puts random bytes into the whole buffer, as `crypto.randomFillSync` does. */
export function createIds (fill: (buffer: Uint8Array) => void): TraceIds {
  const pool = Buffer.alloc(POOL)
  let digits = ''
  let at = 0

  function take (length: number): string {
    if (at + length > digits.length) {
      fill(pool)
      // In one call for the whole pool: a call for each id costs more than the id.
      digits = pool.toString('hex')
      at = 0
    }
    const id = digits.slice(at, at + length)
    at += length
    // One in 2^64 draws, but the specification forbids it (§3.2.2.3, §3.2.2.4).
    return /[^0]/.test(id) ? id : `${id.slice(1)}1`
  }

  return {
    traceId: () => take(32),
    spanId: () => take(16)
  }
}
