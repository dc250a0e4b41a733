/** Formats a number with its noun. */

/** Returns texts such as `1 route` and `2 routes`. */
export function count (number: number, noun: string): string {
  const plural = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`
  return `${number} ${number === 1 ? noun : plural}`
}
