/** Splits a regular expression into the tokens that its cost depends on. Refuses syntax whose cost is not known. */

/** Why a text of the configuration is refused, and what to write instead. */
export interface Refusal {
  readonly error: string
  readonly hint?: string
}

/** One character class, escape or plain character of an expression, with the number of times that it may occur. */
export interface Atom {
  readonly type: 'atom'
  readonly source: string
  readonly min: number
  readonly max: number
  /** Number of groups around it. */
  readonly depth: number
}

/** An atom, or what separates atoms: the start and end of a group and the bar between alternatives. */
export type Token = Atom | {
  readonly type: 'open' | 'close' | 'bar'
  readonly depth: number
  readonly optional?: boolean
}

const atomPattern = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/y
const quantifierPattern = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y

/** The tokens of a valid expression, or why it is refused. Anchors are left out. */
export function tokenize (source: string): Token[] | Refusal {
  const tokens: Token[] = []
  let depth = 0
  for (let index = 0; index < source.length;) {
    const part = read(atomPattern, source, index)
    index += part.length
    if (part === '^' || part === '$') continue
    if (part === '|') {
      tokens.push({ type: 'bar', depth })
      continue
    }
    if (part === '(') {
      if (source[index] === '?' && source[index + 1] !== ':') {
        return { error: `the regex "${source}" uses a lookaround or a named group`, hint: 'use plain groups only' }
      }
      if (source[index] === '?') index += 2
      tokens.push({ type: 'open', depth })
      depth++
      continue
    }
    const quantifier = read(quantifierPattern, source, index)
    index += quantifier.length
    const [min, max] = bounds(quantifier)
    if (part === ')') {
      depth--
      tokens.push({ type: 'close', depth, optional: min !== max })
      if (max > 1) {
        return { error: `the regex "${source}" repeats a group`, hint: 'repeat single characters or classes like [a-z]+ only' }
      }
      continue
    }
    const refusal = refuseAtom(part, source)
    if (refusal !== undefined) return refusal
    tokens.push({ type: 'atom', source: part, min, max, depth })
  }
  return tokens
}

function refuseAtom (part: string, source: string): Refusal | undefined {
  if (/^\\[1-9kpPbB]/.test(part)) {
    return {
      error: `the regex "${source}" uses ${part.slice(0, 2)}`,
      hint: 'backreferences, word boundaries and property classes are not supported'
    }
  }
  if (part.startsWith('[') && /(?:^|[^\\])(?:\\\\)*[()]/.test(part)) {
    return { error: `the regex "${source}" has a bare parenthesis in a class`, hint: 'write \\( or \\) there' }
  }
  return undefined
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
