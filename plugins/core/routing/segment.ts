/** One segment of a route's path, between two slashes: what it matches and captures, and how specific it is. */
import { type Refusal, refuseRegex, withoutCaptures } from '../../../src/config/index.ts'

/** A parameter inside a segment, with the regex for its decoded value and the literal text that follows it. */
export interface Capture {
  readonly name: string
  /** Covers the whole value, has no capturing group; '' where the parameter is the whole segment and takes anything. */
  readonly regex: string
  readonly after: string
}

/** `literal` is plain text, `parameter` is a lone `:id`, `regex` is everything else with a parameter in it, `wildcard` is a final `*`. */
export interface Segment {
  readonly kind: 'literal' | 'regex' | 'parameter' | 'wildcard'
  /** Decoded literal text before the first parameter; the whole text of a literal. */
  readonly prefix: string
  readonly captures: readonly Capture[]
  /** The same for two segments that match the same text in the same way, whatever their parameters are called. */
  readonly canonical: string
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
// The encoded forms of these characters have another meaning than the plain ones (RFC 3986 §2.2), and the router distinguishes them.
const ENCODED_RESERVED = /%(?:2[346BCF]|3[ABDF]|40)/i

/** Reads one segment of a pattern. The caller handles slashes and a lone `*`. */
export function parseSegment (text: string): Segment | Refusal {
  const literal = readLiteral(text, 0)
  if ('error' in literal) return literal
  if (literal.end === text.length) return literalSegment(literal.value)
  const captures: Capture[] = []
  let index = literal.end
  while (index < text.length) {
    const capture = readCapture(text, index, captures.at(-1))
    if ('error' in capture) return capture
    captures.push(capture.value)
    index = capture.end
  }
  return regexSegment(literal.value, captures)
}

/** The segment in the notation of the router's tree, where `names` are only labels. */
export function treeText (segment: Segment): string {
  if (segment.kind === 'wildcard') return '*'
  const parts = segment.captures.map(
    (capture) => `:${capture.name}${capture.regex === '' ? '' : `(${capture.regex})`}${escapeLiteral(capture.after)}`
  )
  return escapeLiteral(segment.prefix) + parts.join('')
}

/**
 * Which of two segments is tried first; negative: `a`. Plain text precedes text with a parameter, a longer literal
 * start a shorter one, a regex none, and anything `*`. 0 means equal, or a difference that the order in the file
 * decides.
 */
export function compareSegments (a: Segment, b: Segment): number {
  if (a.canonical === b.canonical) return 0
  return comparePrefixes(a.prefix, b.prefix) || rank(a) - rank(b) || suffix(b).length - suffix(a).length
}

function readLiteral (text: string, start: number): { readonly value: string, readonly end: number } | Refusal {
  let end = start
  while (end < text.length && (text[end] !== ':' || text[end + 1] === ':')) end += text[end] === ':' ? 2 : 1
  const raw = text.slice(start, end).replaceAll('::', ':')
  const wrong = refuseLiteral(raw)
  if (wrong !== undefined) return wrong
  return { value: decodeURIComponent(raw), end }
}

function refuseLiteral (raw: string): Refusal | undefined {
  if (/[^\x21-\x7e]/.test(raw)) {
    return { error: 'the path has a character that a URL cannot carry', hint: `percent-encode it: ${encodeURI(raw)}` }
  }
  if (raw.includes('{') || raw.includes('}')) {
    return { error: 'the path has a brace', hint: `parameters are written with a colon: ${raw.replace(/\{(\w*)\}/g, ':$1')}` }
  }
  if (raw.includes('(') || raw.includes(')')) {
    return {
      error: 'the path has a parenthesis outside a parameter',
      hint: 'a regex follows a parameter name, like :id(\\d+); the characters themselves are %28 and %29'
    }
  }
  if (raw.includes('*')) {
    return { error: '"*" is only allowed as the last segment', hint: 'end the path with /* , or name the part, like :name' }
  }
  if (/[?#]/.test(raw)) return { error: 'the path has a "?" or "#"', hint: 'match the query with the key "query"' }
  if (raw.includes('\\')) return { error: 'the path has a backslash', hint: 'paths are separated by /' }
  const reserved = ENCODED_RESERVED.exec(raw)?.[0]
  if (reserved !== undefined) {
    return {
      error: `the path has the encoded reserved character ${reserved}`,
      hint: reserved.toUpperCase() === '%3A' ? 'a literal colon is written ::' : 'match that part with a parameter'
    }
  }
  if (/%(?:[01][0-9A-F]|7F|2A|5C)/i.test(raw)) {
    return {
      error: 'the path has an encoded control character, "*" or backslash, which no request may carry in a literal',
      hint: 'match that part with a parameter'
    }
  }
  try {
    decodeURIComponent(raw)
  } catch {
    return { error: 'the path has a percent sign without two hex digits of UTF-8', hint: 'a literal percent sign is written %25' }
  }
  return undefined
}

function readCapture (
  text: string,
  start: number,
  previous: Capture | undefined
): { readonly value: Capture, readonly end: number } | Refusal {
  NAME.lastIndex = start + 1
  const name = NAME.exec(text)?.[0]
  if (name === undefined) {
    return { error: 'a parameter has no name', hint: 'names are letters, digits and _, like :id; a literal colon is written ::' }
  }
  if (previous?.after === '') {
    return { error: `the parameters :${previous.name} and :${name} touch`, hint: `put text between them, like :${previous.name}-:${name}` }
  }
  let end = start + 1 + name.length
  let regex = ''
  if (text[end] === '(') {
    const close = closingParenthesis(text, end)
    if (close === undefined) return { error: `the regex of :${name} is not closed`, hint: 'add a )' }
    regex = withoutCaptures(text.slice(end + 1, close))
    end = close + 1
    const wrong = refuseParameterRegex(name, regex)
    if (wrong !== undefined) return wrong
  }
  if (text[end] === '?') return { error: `the parameter :${name} is optional`, hint: 'write two routes, one with it and one without' }
  const after = readLiteral(text, end)
  if ('error' in after) return after
  if (after.value.includes('%')) {
    return { error: 'a percent sign stands in one segment with a parameter', hint: 'let the parameter cover it' }
  }
  return { value: { name, regex: regex === '' ? defaultRegex(previous) : regex, after: after.value }, end: after.end }
}

function refuseParameterRegex (name: string, regex: string): Refusal | undefined {
  if (regex === '' || regex.includes('/')) {
    return { error: `the regex of :${name} is empty or has a slash`, hint: 'a parameter covers one segment; use /* for more' }
  }
  const wrong = refuseRegex(regex, 1)
  if (wrong !== undefined) return wrong
  if (new RegExp(`^(?:${regex})$`).test('')) {
    return { error: `the regex of :${name} fits an empty value`, hint: 'a parameter is never empty: use + instead of *' }
  }
  return undefined
}

/** The first parameter of a segment is as short as the rest allows; a later one does not reach over the text before it. */
function defaultRegex (previous: Capture | undefined): string {
  if (previous === undefined) return '[\\s\\S]+?'
  return `[^\\u${previous.after.charCodeAt(0).toString(16).padStart(4, '0')}]+`
}

/** Counts as the router does: a backslash hides the next character. */
function closingParenthesis (text: string, open: number): number | undefined {
  let depth = 0
  for (let index = open; index < text.length; index++) {
    if (text[index] === '\\') index++
    else if (text[index] === '(') depth++
    else if (text[index] === ')' && --depth === 0) return index
  }
  return undefined
}

function literalSegment (value: string): Segment | Refusal {
  if (value === '.' || value === '..') return { error: 'the path has a dot segment', hint: 'write the path that results' }
  return { kind: 'literal', prefix: value, captures: [], canonical: escapeLiteral(value) }
}

function regexSegment (prefix: string, captures: readonly Capture[]): Segment | Refusal {
  const [first] = captures
  if (first !== undefined && captures.length === 1 && prefix === '' && first.after === '' && first.regex === '[\\s\\S]+?') {
    return { kind: 'parameter', prefix, captures: [{ ...first, regex: '' }], canonical: ':' }
  }
  const whole = captures.map((capture) => `(?:${capture.regex})${capture.after.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).join('')
  // Each regex is linear alone; side by side they may still compete for the same text.
  const wrong = captures.length > 1 ? refuseRegex(whole, 1) : undefined
  if (wrong !== undefined) return wrong
  const canonical = escapeLiteral(prefix) + captures.map((capture) => `:(${capture.regex})${escapeLiteral(capture.after)}`).join('')
  return { kind: 'regex', prefix, captures, canonical }
}

function escapeLiteral (text: string): string {
  return text.replaceAll(':', '::')
}

function comparePrefixes (a: string, b: string): number {
  if (a === b || a.startsWith(b) || b.startsWith(a)) return b.length - a.length
  return a < b ? -1 : 1
}

function rank (segment: Segment): number {
  if (segment.kind === 'literal') return 0
  if (segment.kind === 'wildcard') return 5
  if (segment.kind === 'parameter') return 4
  if (suffix(segment) !== '') return 1
  return segment.captures.length === 1 && segment.captures[0]?.regex === '[\\s\\S]+?' ? 3 : 2
}

function suffix (segment: Segment): string {
  return segment.captures.at(-1)?.after ?? ''
}
