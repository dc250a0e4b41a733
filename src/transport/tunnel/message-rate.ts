/** Limits how often something happens: a bucket of one second that fills at an even pace. */

/** @param perSecond the most in a second, at once or spread */
export function messageRate (perSecond: number, now: () => number): () => boolean {
  const cost = 1000 / perSecond
  /** When the bucket is full again. */
  let full = -Infinity
  return () => {
    const time = now()
    const next = Math.max(full, time) + cost
    if (next - time > 1000) return false
    full = next
    return true
  }
}
