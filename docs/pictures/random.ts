/** Random numbers that are the same in every run, so that pictures differ by what has changed. */

/** Numbers from 0 to 1 (mulberry32). */
export function seeded (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of some things, each as often as its weight says. */
export function oneOf<T extends { readonly weight: number }> (things: readonly T[], random: () => number): T {
  let left = random() * things.reduce((sum, { weight }) => sum + weight, 0)
  return things.find(({ weight }) => (left -= weight) < 0) ?? things[0]!
}
