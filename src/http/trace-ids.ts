/** Ids for traces and spans, drawn from a pool so that a request does not pay for a call to the random source. */

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
  let at = POOL

  function take (bytes: number): string {
    if (at + bytes > POOL) {
      fill(pool)
      at = 0
    }
    const id = pool.toString('hex', at, at + bytes)
    at += bytes
    // One in 2^64 draws, but the specification forbids it (§3.2.2.3, §3.2.2.4).
    return /[^0]/.test(id) ? id : `${id.slice(1)}1`
  }

  return {
    traceId: () => take(16),
    spanId: () => take(8)
  }
}
