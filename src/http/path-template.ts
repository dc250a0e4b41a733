/** Rewrites paths on raw bytes: what the client encoded stays encoded, and no value can leave its segment. */
import { checkTemplate, compileTemplate } from './header-template.ts'
import { checkPath } from './path-check.ts'
import { decodeOrKeep, encodeSegment, encodeSegments } from './percent.ts'

/** Raw text of path parameters by name; `*` is what a wildcard took. */
export type PathCaptures = Readonly<Record<string, string>>

/** A compiled rewrite: the new path for the raw captures of the old one; `undefined` when one is missing or a dot segment would arise. */
export type PathTemplate = (captures: PathCaptures) => string | undefined

const roots = { params: true } as const

/**
 * Compiles `/v2/${params.id}`. A parameter keeps its bytes and stays within its segment, a `/` in it becomes `%2F`; `${params.*}` keeps
 * its slashes.
 *
 * @throws RangeError with the text of {@link checkPathTemplate}.
 */
export function compilePathTemplate (text: string, params?: readonly string[]): PathTemplate {
  const problem = checkPathTemplate(text, params)
  if (problem !== undefined) throw new RangeError(problem)
  const template = compileTemplate(encodeLiterals(text), roots)
  const { constant } = template
  if (constant !== undefined) return () => constant
  const names = template.variables.map(variable => variable.slice('params.'.length))
  return captures => {
    const encoded: Record<string, string> = {}
    for (const name of names) {
      const raw = captures[name]
      if (raw === undefined) return undefined
      encoded[name] = name === '*' ? encodeSegments(raw) : encodeSegment(raw)
    }
    const path = template.render({ params: encoded })
    // `/x/.${params.a}` and a capture of `.` are harmless apart and `..` together.
    return path === undefined || typeof checkPath(path, 0) === 'string' ? undefined : path
  }
}

/** What is wrong with a rewrite, for a person who wrote it. `params` are the names that the route's path has, where they are known. */
export function checkPathTemplate (text: string, params?: readonly string[]): string | undefined {
  if (!text.startsWith('/')) return `"${text}" is no path: expected it to begin with "/"`
  const problem = checkTemplate(text, { params: params ?? true })
  if (problem !== undefined) return problem
  const meant = withParameters(text, params)
  if (meant !== text) return `a parameter is written \${params.name} in "${text}": did you mean "${meant}"?`
  const literals = text.replace(/\$\{[^{}]*\}/g, 'x')
  if (/[?#]/.test(literals)) return `"${text}" is no path: expected no "?" and no "#"`
  // A sign before a variable would make an escape of whatever the client sends.
  if (/%(?![0-9a-f]{2})/i.test(text)) return `"${text}" has a "%" that begins no escape: write "%25"`
  const refusal = checkPath(encodeLiterals(literals), 0)
  return typeof refusal === 'string' ? `"${text}" is no path that may be forwarded (${refusal})` : undefined
}

/** The names of the parameters of a route's path, `*` for a wildcard. */
export function parametersOf (path: string): string[] {
  return [...path.matchAll(/(?<!:):([A-Za-z_]\w*)|\*$/g)].map(([, name]) => name ?? '*')
}

/** The template with variables where a segment has a parameter in the notation of a route's path, or that of other gateways. */
function withParameters (text: string, params: readonly string[] = []): string {
  return text.split('/').map(segment => {
    const name = segment === '*' ? '*' : /^(?::(\w+)|\{(\w+)\})$/.exec(segment)?.slice(1).find(found => found !== undefined)
    return name !== undefined && params.includes(name) ? `\${params.${name}}` : segment
  }).join('/')
}

/**
 * The raw path without a prefix that it has as whole segments: `/api` leaves `/x` of `/api/x`, `/` of `/api`, and `/apix` alone. What
 * follows keeps its bytes. A prefix that the client spelled with escapes (`/%61pi/x`) is the same prefix, as it is to the router.
 */
export function stripPrefix (path: string, prefix: string): string {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
  if (bare === '') return path
  const end = path.startsWith(bare) ? bare.length : path.includes('%') || bare.includes('%') ? escapedEnd(path, bare) : -1
  if (end === path.length) return '/'
  return end !== -1 && path.charCodeAt(end) === 0x2f ? path.slice(end) : path
}

/** Where the segments of the path that spell the prefix end, or -1. */
function escapedEnd (path: string, prefix: string): number {
  const wanted = prefix.split('/')
  const found = path.split('/', wanted.length)
  const same = found.length === wanted.length && wanted.every((segment, index) => decodeOrKeep(found[index]!) === decodeOrKeep(segment))
  return same ? found.join('/').length : -1
}

/** The template with everything that is no variable percent-encoded where a path needs it. */
function encodeLiterals (text: string): string {
  return text.replace(/\$\$|\$\{[^{}]*\}|[^$]+/g, part => part.startsWith('$') ? part : encodeSegments(part))
}
