/** Parses and checks the path of a route: `/users`, `/users/:id`, `/files/:name.json`, `/users/*`. */
import { compareSegments, parseSegment, treeText } from './segment.ts'
import type { Refusal } from '../../../src/config/index.ts'
import type { Segment } from './segment.ts'

export type { Refusal } from '../../../src/config/index.ts'
export type { Capture, Segment } from './segment.ts'

/** The three kinds of path: nothing variable, a parameter somewhere, or a final `*`. */
export type PathKind = 'exact' | 'parameter' | 'wildcard'

/** A checked path. Two patterns with the same `canonical` match exactly the same paths. */
export interface Pattern {
  /** As written in the configuration. */
  readonly text: string
  readonly kind: PathKind
  /** `/` is one empty literal; a trailing slash is an empty literal at the end. */
  readonly segments: readonly Segment[]
  readonly canonical: string
  /** Parameter names from left to right; the wildcard's is `*`. */
  readonly parameters: readonly string[]
}

const MAX_LENGTH = 2048
const WILDCARD: Segment = { kind: 'wildcard', prefix: '', captures: [], canonical: '*' }

/** Parses a configured path. Literals are compared decoded (RFC 3986 §6.2.2.2); `::` is a literal colon. Never throws. */
export function parsePattern (text: string): Pattern | Refusal {
  if (!text.startsWith('/')) return { error: 'a path starts with /', hint: text === '*' ? '/*' : `/${text}` }
  if (text.length > MAX_LENGTH) return { error: `the path is longer than ${MAX_LENGTH} characters` }
  const segments: Segment[] = []
  const parts = splitAtSlashes(text.slice(1))
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1
    if (part === '' && !last) return { error: 'the path has an empty segment (//)', hint: text.replace(/\/\/+/g, '/') }
    if (part === '*' && !last) {
      return {
        error: '"*" is only allowed as the last segment',
        hint: `name the part, like ${parts.map((one) => one === '*' ? ':name' : one).join('/')}`
      }
    }
    if (last && /^[^:*(]+\*$/.test(part)) return { error: '"*" stands for whole segments', hint: `${text.slice(0, -1)}/*` }
    const segment = part === '*' ? WILDCARD : parseSegment(part)
    if ('error' in segment) return segment
    segments.push(segment)
  }
  const pattern = patternOf(text, segments)
  const twice = pattern.parameters.find((name, index) => pattern.parameters.indexOf(name) !== index)
  if (twice !== undefined) return { error: `the parameter :${twice} is there twice`, hint: 'give each parameter a name of its own' }
  return pattern
}

/**
 * The order in which paths are tried, most specific first; negative: `a` before `b`. Segment by segment from the left: plain
 * text, parameter with regex, parameter, end of the path, wildcard. 0 means the same canonical path, or a first difference
 * in regexes of the same rank: there the file order of that segment's first appearance decides (`tie`).
 */
export function comparePatterns (a: Pattern, b: Pattern, tie?: (a: readonly Segment[], b: readonly Segment[]) => number): number {
  if (a.canonical === b.canonical) return 0
  for (let index = 0; ; index++) {
    const one = a.segments[index]
    const other = b.segments[index]
    if (one === undefined && other === undefined) return 0
    if (one === undefined) return other?.kind === 'wildcard' ? -1 : 1
    if (other === undefined) return one.kind === 'wildcard' ? 1 : -1
    if (one.canonical === other.canonical) continue
    const order = compareSegments(one, other)
    return order !== 0 || tie === undefined ? order : tie(a.segments.slice(0, index + 1), b.segments.slice(0, index + 1))
  }
}

/** `/users/*` without its last segment: `/users`, which it matches too. Undefined for `/*`, whose `*` matches `/` itself. */
export function barePattern (pattern: Pattern): Pattern | undefined {
  if (pattern.kind !== 'wildcard' || pattern.segments.length === 1) return undefined
  return patternOf(pattern.text, pattern.segments.slice(0, -1))
}

/** The pattern without its trailing slash, for gateways that ignore it. */
export function withoutTrailingSlash (pattern: Pattern): Pattern {
  if (pattern.segments.length === 1 || pattern.segments.at(-1)?.canonical !== '') return pattern
  return patternOf(pattern.text, pattern.segments.slice(0, -1))
}

/** The pattern in the notation of find-my-way. */
export function treePath (pattern: Pattern): string {
  return `/${pattern.segments.map(treeText).join('/')}`
}

/** Canonical text of a path's beginning; equal for two patterns that share it. */
export function canonicalOf (segments: readonly Segment[]): string {
  return `/${segments.map((segment) => segment.canonical).join('/')}`
}

function patternOf (text: string, segments: readonly Segment[]): Pattern {
  const parameters = segments.flatMap((segment) => segment.kind === 'wildcard' ? ['*'] : segment.captures.map((capture) => capture.name))
  return { text, kind: kindOf(segments), segments, canonical: canonicalOf(segments), parameters }
}

function kindOf (segments: readonly Segment[]): PathKind {
  if (segments.at(-1)?.kind === 'wildcard') return 'wildcard'
  return segments.every((segment) => segment.kind === 'literal') ? 'exact' : 'parameter'
}

/** A slash inside a parameter's regex does not end the segment; it is rejected later with a better message. */
function splitAtSlashes (text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string
    if (char === '\\' && depth > 0) {
      parts[parts.length - 1] += char + (text[++index] ?? '')
      continue
    }
    if (char === '(') depth++
    if (char === ')') depth = Math.max(0, depth - 1)
    if (char === '/' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}
