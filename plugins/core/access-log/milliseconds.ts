/** Milliseconds with at most three decimals, as a JSON number. */

/** `''`, `.001`, `.002` … `.999`, without zeros at the end: making text of a fraction is the slowest part of a line. */
const fractions = Array.from({ length: 1000 }, (_, micros) => micros === 0 ? '' : `.${String(micros).padStart(3, '0').replace(/0+$/, '')}`)

/** Writes a span; one that is not positive is 0. */
export function milliseconds (span: number): string {
  const micros = span > 0 ? Math.round(span * 1000) : 0
  const whole = Math.floor(micros / 1000)
  return whole + fractions[micros - whole * 1000]!
}
