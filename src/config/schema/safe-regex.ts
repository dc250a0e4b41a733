/** Accepts regular expressions of the configuration only where their cost is bounded, whatever text a client sends. */
import isSafeRegex from 'safe-regex2'
import { ambiguity, asciiCharacters, matches, ways } from './regex-cost.ts'
import { tokenize, type Refusal } from './regex-tokens.ts'

export type { Refusal } from './regex-tokens.ts'

const longestSource = 256
/** Each way to try a text costs up to the length of the text. */
const mostWays = 512

/**
 * Returns why `source` is refused, or undefined. An accepted expression has no backreference, lookaround or repeated group, and few
 * combinations of optional parts and of alternatives that begin alike. Its cost is a polynomial of at most `degree` in the length of
 * the text: 1 is linear, 2 is quadratic, for texts whose length is limited. `safe-regex2` alone accepts `(a|a)*` and `a*a*a*`.
 */
export function refuseRegex (source: string, degree: 1 | 2): Refusal | undefined {
  if (source.length > longestSource) return { error: `the regex is longer than ${longestSource} characters` }
  try {
    new RegExp(source)
  } catch (cause) {
    return { error: `the regex does not compile: ${(cause as Error).message}` }
  }
  const tokens = tokenize(source)
  if (!Array.isArray(tokens)) return tokens
  // An optional group is no repetition, though safe-regex2 counts it as one.
  if (!isSafeRegex(source.replace(/\)\?\??/g, ')')) || ambiguity(tokens) > degree || ways(tokens) > mostWays) {
    return {
      error: `the regex "${source}" can take too long`,
      hint: 'two repetitions must not be able to match the same text: write [^-]+-[0-9]+ instead of .*-.*'
    }
  }
  return undefined
}

/** Compiles an expression that `refuseRegex` accepts to a test of a whole value. */
export function compileRegex (source: string): RegExp {
  return new RegExp(`^(?:${source})$`)
}

/** The expression with all groups non-capturing and without outer anchors, so that it can be part of another one. */
export function withoutCaptures (source: string): string {
  const inner = source.replace(/^\^/, '').replace(/((?:^|[^\\])(?:\\\\)*)\$$/, '$1')
  return inner.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\((?!\?)/g, (part) => part === '(' ? '(?:' : part)
}

/** A short text that the expression matches, or undefined when no simple one is found. */
export function sampleOf (source: string): string | undefined {
  const tokens = tokenize(source)
  if (!Array.isArray(tokens)) return undefined
  let sample = ''
  let skippedDepth = Infinity
  for (const token of tokens) {
    if (token.type === 'close' && token.depth < skippedDepth) skippedDepth = Infinity
    if (token.type === 'bar' && token.depth < skippedDepth) skippedDepth = token.depth
    if (token.type !== 'atom' || token.depth >= skippedDepth) continue
    const letter = ['x', '1', 'X', ...asciiCharacters.slice(33, 127)].find(char => matches(token, char))
    if (letter === undefined) return undefined
    sample += letter.repeat(Math.max(token.min, token.max > 0 ? 1 : 0))
  }
  return compileRegex(source).test(sample) ? sample : undefined
}
