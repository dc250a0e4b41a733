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
  | { readonly type: 'open' | 'close' | 'bar', readonly depth: number, readonly optional?: boolean }
type Atom = Extract<Token, { type: 'atom' }>

const MAX_SOURCE_LENGTH = 256
/** In how many ways a text may be tried: each costs up to the length of the text. */
const MAX_WAYS = 512
const ATOM = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/y
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y
const ALPHABET = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
const BEYOND_ASCII = ['é', '中']

/**
 * Says why `source` is refused, or nothing. Accepted expressions have no backreference, lookaround or repeated group, and
 * few ways to choose between parts that may be left out or between alternatives that begin alike, and at most `degree - 1` places where two repetitions can compete for the same text: 1 is linear in the length of the
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
  if (!isSafeRegex(source.replace(/\)\?\??/g, ')')) || ambiguity(tokens) > degree || ways(tokens) > MAX_WAYS) {
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
      tokens.push({ type: 'close', depth, optional: min !== max })
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

/**
 * In how many ways parts can be taken or left out, and alternatives that begin alike be chosen: all of them are tried before a text is found not to
 * fit, so they multiply. `[0-9]?` twenty-four times, or `(a|a)`, are sixteen million.
 */
function ways (tokens: readonly Token[]): number {
  const atoms = tokens.filter(token => token.type === 'atom')
  let product = 1
  for (const [index, atom] of atoms.entries()) {
    const left = atom.min === 0 && atom.max === 1
    if (left && atoms.some((_, later) => later > index && compete(atoms, index, later))) product *= 2
  }
  for (const token of tokens) if (token.type === 'close' && token.optional === true) product *= 2
  for (const beginnings of alternatives(tokens)) {
    const alike = beginnings.filter((one, index) => beginnings.some((other, place) => place !== index && (one === undefined || other === undefined || shareCharacter(one, other))))
    product *= Math.max(1, alike.length)
  }
  return product
}

/** Of every group with alternatives inside the expression, what each begins with; undefined where that may be nothing or another group. */
function alternatives (tokens: readonly Token[]): (Atom | undefined)[][] {
  const open: (Atom | undefined)[][] = []
  const groups: (Atom | undefined)[][] = []
  for (const [index, { type }] of tokens.entries()) {
    if (type === 'close') {
      const group = open.pop()!
      if (group.length > 1) groups.push(group)
    }
    if (type === 'open') open.push([])
    if (type !== 'open' && (type !== 'bar' || open.length === 0)) continue
    const next = tokens[index + 1]
    open.at(-1)!.push(next?.type === 'atom' && next.min > 0 ? next : undefined)
  }
  return groups
}

function shareCharacter (one: Atom, other: Atom): boolean {
  return [...ALPHABET, ...BEYOND_ASCII].some((char) => matches(one, char) && matches(other, char))
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

const matched = new WeakMap<Atom, Map<string, boolean>>()

function matches (atom: Atom, char: string): boolean {
  let known = matched.get(atom)
  if (known === undefined) matched.set(atom, known = new Map())
  let fits = known.get(char)
  // Characters beyond ASCII are one bucket: an atom that names any of them may match all of them.
  if (fits === undefined) known.set(char, fits = (char > '\x7f' && /[^\x00-\x7f]|\\u/.test(atom.source)) || new RegExp(`^${atom.source}$`).test(char))
  return fits
}
