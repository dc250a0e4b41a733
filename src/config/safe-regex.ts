/** Regular expressions from the file: only those whose cost is known before the first request are let in. */
import isSafeRegex from 'safe-regex2'

/** Why a text of the file is refused, and the nearest right thing to write instead. */
export interface Refusal {
  readonly error: string
  readonly hint?: string
}

/** One character class, escape or plain character of an expression, with how often it may occur; or a mark between them. */
type Token =
  | { readonly type: 'atom', readonly source: string, readonly min: number, readonly max: number, readonly depth: number }
  | { readonly type: 'open' | 'close' | 'bar', readonly depth: number }
type Atom = Extract<Token, { type: 'atom' }>

const MAX_SOURCE_LENGTH = 256
const ATOM = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/y
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y
const ALPHABET = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
const BEYOND_ASCII = ['é', '中']

/**
 * Says why `source` is refused, or nothing. Accepted expressions have no backreference, lookaround or repeated group, and
 * at most `degree - 1` places where two repetitions can compete for the same text: 1 is linear in the length of the
 * value, 2 is quadratic (for values whose length is capped). `safe-regex2` alone lets `(a|a)*` and `a*a*a*` through.
 */
export function refuseRegex (source: string, degree: 1 | 2): Refusal | undefined {
  if (source.length > MAX_SOURCE_LENGTH) return { error: `the regex is longer than ${MAX_SOURCE_LENGTH} characters` }
  try {
    new RegExp(source)
  } catch (cause) {
    return { error: `the regex does not compile: ${(cause as Error).message}` }
  }
  const tokens = tokenize(source)
  if (!Array.isArray(tokens)) return tokens
  // An optional group is no repetition, though safe-regex2 counts it as one.
  if (!isSafeRegex(source.replace(/\)\?\??/g, ')')) || ambiguity(tokens) > degree) {
    return { error: `the regex "${source}" can take too long`, hint: 'two repetitions must not be able to match the same text: write [^-]+-[0-9]+ instead of .*-.*' }
  }
  return undefined
}

/** The expression as a test of the whole value. Only for sources that `refuseRegex` lets in. */
export function compileRegex (source: string): RegExp {
  return new RegExp(`^(?:${source})$`)
}

/** The same expression with every group non-capturing and without outer anchors, so that captures stay countable. */
export function withoutCaptures (source: string): string {
  const inner = source.replace(/^\^/, '').replace(/((?:^|[^\\])(?:\\\\)*)\$$/, '$1')
  return inner.replace(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\((?!\?)/g, (part) => part === '(' ? '(?:' : part)
}

/** A short text that the expression matches, or undefined where none is found easily. */
export function sampleOf (source: string): string | undefined {
  const tokens = tokenize(source)
  if (!Array.isArray(tokens)) return undefined
  let sample = ''
  let skippedDepth = Infinity
  for (const token of tokens) {
    if (token.type === 'close' && token.depth < skippedDepth) skippedDepth = Infinity
    if (token.type === 'bar' && token.depth < skippedDepth) skippedDepth = token.depth
    if (token.type !== 'atom' || token.depth >= skippedDepth) continue
    const letter = ['x', '1', 'X', ...ALPHABET.slice(33, 127)].find((char) => matches(token, char))
    if (letter === undefined) return undefined
    sample += letter.repeat(Math.max(token.min, token.max > 0 ? 1 : 0))
  }
  return compileRegex(source).test(sample) ? sample : undefined
}

function tokenize (source: string): Token[] | Refusal {
  const tokens: Token[] = []
  let depth = 0
  for (let index = 0; index < source.length;) {
    const part = read(ATOM, source, index)
    index += part.length
    if (part === '^' || part === '$') continue
    if (part === '|') {
      tokens.push({ type: 'bar', depth })
      continue
    }
    if (part === '(') {
      if (source[index] === '?' && source[index + 1] !== ':') return { error: `the regex "${source}" uses a lookaround or a named group`, hint: 'use plain groups only' }
      if (source[index] === '?') index += 2
      tokens.push({ type: 'open', depth })
      depth++
      continue
    }
    const quantifier = read(QUANTIFIER, source, index)
    index += quantifier.length
    const [min, max] = bounds(quantifier)
    if (part === ')') {
      depth--
      tokens.push({ type: 'close', depth })
      if (max > 1) return { error: `the regex "${source}" repeats a group`, hint: 'repeat single characters or classes like [a-z]+ only' }
      continue
    }
    if (/^\\[1-9kpPbB]/.test(part)) return { error: `the regex "${source}" uses ${part.slice(0, 2)}`, hint: 'backreferences, word boundaries and property classes are not supported' }
    if (part.startsWith('[') && /(?:^|[^\\])(?:\\\\)*[()]/.test(part)) return { error: `the regex "${source}" has a bare parenthesis in a class`, hint: 'write \\( or \\) there' }
    tokens.push({ type: 'atom', source: part, min, max, depth })
  }
  return tokens
}

function read (pattern: RegExp, source: string, index: number): string {
  pattern.lastIndex = index
  return pattern.exec(source)?.[0] ?? ''
}

function bounds (quantifier: string): readonly [min: number, max: number] {
  if (quantifier === '') return [1, 1]
  if (quantifier.startsWith('*')) return [0, Infinity]
  if (quantifier.startsWith('+')) return [1, Infinity]
  if (quantifier.startsWith('?')) return [0, 1]
  const [min = '1', max = min] = quantifier.replace(/[{}?]/g, '').split(',')
  return [Number(min), max === '' ? Infinity : Number(max)]
}

/** The longest chain of repetitions that can trade text with each other: the degree of the worst-case polynomial. */
function ambiguity (tokens: readonly Token[]): number {
  let worst = 1
  for (const branch of topLevelBranches(tokens)) {
    const chain: number[] = []
    for (const [index, atom] of branch.entries()) {
      if (atom.max === atom.min || atom.max <= 1) continue
      chain[index] = 1
      for (let earlier = 0; earlier < index; earlier++) {
        const length = chain[earlier]
        if (length === undefined || !compete(branch, earlier, index)) continue
        chain[index] = Math.max(chain[index] ?? 1, length + 1)
      }
      worst = Math.max(worst, chain[index] ?? 1)
    }
  }
  return worst
}

function topLevelBranches (tokens: readonly Token[]): Atom[][] {
  const branches: Atom[][] = [[]]
  for (const token of tokens) {
    if (token.type === 'bar' && token.depth === 0) branches.push([])
    if (token.type === 'atom') branches.at(-1)?.push(token)
  }
  return branches
}

/** Two repetitions compete unless a character that must stand between them cannot be eaten by both. */
function compete (branch: readonly Atom[], from: number, to: number): boolean {
  const first = branch[from] as Atom
  const second = branch[to] as Atom
  const shared = [...ALPHABET, ...BEYOND_ASCII].filter((char) => matches(first, char) && matches(second, char))
  if (shared.length === 0) return false
  const between = branch.slice(from + 1, to)
  return !between.some((atom) => atom.depth === 0 && atom.min > 0 && !shared.some((char) => matches(atom, char)))
}

function matches (atom: Atom, char: string): boolean {
  // Characters beyond ASCII are one bucket: an atom that names any of them may match all of them.
  if (char > '\x7f' && /[^\x00-\x7f]|\\u/.test(atom.source)) return true
  return new RegExp(`^${atom.source}$`).test(char)
}
