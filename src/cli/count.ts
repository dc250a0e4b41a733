/** Numbers with their nouns. */

/** `1 route`, `2 routes`. */
export function count (number: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`
  return `${number} ${number === 1 ? noun : plural}`
}
