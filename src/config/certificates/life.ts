/** The life of a certificate: when it begins and ends, and when it is time to worry. */

/** Times in milliseconds since 1970. */
export interface Life {
  readonly from: number
  readonly to: number
}

/** The share of its life before whose beginning a certificate is usually renewed, with some time to spare. */
const leastShare = 1 / 4

/** The longest time before the end that is worth a warning. */
const longest = 21 * 86_400_000

/**
 * Whether a certificate is in the last quarter of its life, and expires within three weeks. Programs that renew certificates do so with a
 * third of the life left, so it means that they have failed.
 */
export function isExpiring ({ from, to }: Life, now: number): boolean {
  return to - now < Math.min(longest, (to - from) * leastShare)
}

/** Says what is wrong with the life of a certificate; undefined where it is sound. */
export function lifeProblem (life: Life, now: number): string | undefined {
  if (now < life.from) return `is not valid before ${day(life.from)}`
  if (now >= life.to) return `has expired on ${day(life.to)}`
  return isExpiring(life, now) ? `expires on ${day(life.to)}` : undefined
}

function day (time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ') + ' UTC'
}
