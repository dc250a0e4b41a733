/** Patterns with `*`, compared in time that grows with pattern × value only: a certificate authority may sign long names. */

/** `*`, which does not stand for the separator. */
const star = -1
/** `**`, or `*` where there is no separator. */
const doubleStar = -2

/**
 * Compiles a pattern to a test. `*` stands for any characters but the separator, `**` for any characters.
 * @param separator a single character; undefined where `*` stands for any characters too
 */
export function compilePattern (pattern: string, separator: string | undefined): (value: string) => boolean {
  const stop = separator?.charCodeAt(0) ?? doubleStar
  const steps = pattern.split(/(\*+)/).flatMap(part => {
    if (!part.startsWith('*')) return Array.from(part, (_, index) => part.charCodeAt(index))
    return [separator === undefined || part.length > 1 ? doubleStar : star]
  })
  // Which steps may come next, after what has been read: all at once, so that nothing is read twice.
  const skipStars = (next: Uint8Array): Uint8Array => {
    for (let at = 0; at < steps.length; at++) if (next[at] === 1 && steps[at]! < 0) next[at + 1] = 1
    return next
  }
  return value => {
    let open: Uint8Array = new Uint8Array(steps.length + 1)
    open[0] = 1
    skipStars(open)
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      const next = new Uint8Array(steps.length + 1)
      for (let at = 0; at < steps.length; at++) {
        if (open[at] !== 1) continue
        const step = steps[at]!
        if (step === code) next[at + 1] = 1
        else if (step === doubleStar || (step === star && code !== stop)) next[at] = 1
      }
      open = skipStars(next)
    }
    return open[steps.length] === 1
  }
}
