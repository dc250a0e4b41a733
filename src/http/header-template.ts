/** Text with variables, such as `Bearer ${claims.sub}`: values of headers, keys of limiters and caches, from the parts of a request. */
import { headerBytes, isSafeHeaderValue } from './header-value.ts'

export { safeHeaderValue } from './header-value.ts'

/** What variables are read from. A plugin may add roots of its own. */
export interface TemplateScope {
  /** Decoded path parameters. */
  readonly params?: Readonly<Record<string, string | undefined>> | undefined
  /** Verified claims of the token; never those of one that was not verified. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Request headers by lower-case name. */
  readonly header?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly request?: { readonly id: string, readonly method: string, readonly path: string } | undefined
  readonly client?: { readonly ip: string } | undefined
  readonly [root: string]: unknown
}

/** The roots that may be used, each with the names below it, or `true` where any name goes. */
export type TemplateRoots = Readonly<Record<string, true | readonly string[]>>

/** The roots of {@link TemplateScope}. */
export const templateRoots: TemplateRoots = {
  params: true,
  claims: true,
  header: true,
  query: true,
  request: ['id', 'method', 'path'],
  client: ['ip']
}

/** A compiled template. */
export interface Template {
  /** The value, when the template has no variable. */
  readonly constant: string | undefined
  /** The variables, such as `claims.sub`, in order and each once. */
  readonly variables: readonly string[]
  /** The text, or `undefined` when a variable is absent or is no text, number, boolean or list of these. */
  render (scope: TemplateScope): string | undefined
  /** As `render`, as bytes for a header field; `undefined` also when it cannot be one (see `safeHeaderValue`). */
  renderHeader (scope: TemplateScope): string | undefined
}

interface Variable {
  readonly root: string
  readonly name: string
  /** Whether values are bytes of the request already, one per character, and not text. */
  readonly wire: boolean
}

type Part = string | Variable

/** Roots whose values came in the request headers and are passed on byte for byte. */
const wireRoots: ReadonlySet<string> = new Set(['header', 'request', 'client'])

/**
 * Compiles a template. `${root.name}` is a variable, `$$` is a dollar sign, a `$` before anything else stands for itself.
 *
 * @throws RangeError with the text of {@link checkTemplate}.
 */
export function compileTemplate (text: string, roots: TemplateRoots = templateRoots): Template {
  const problem = checkTemplate(text, roots)
  if (problem !== undefined) throw new RangeError(problem)

  const parts = parse(text)
  const variables = parts.filter(part => typeof part !== 'string')
  const constant = variables.length === 0 ? join(parts, {}, false) ?? '' : undefined
  if (constant !== undefined) {
    const bytes = isSafeHeaderValue(constant) ? headerBytes(constant) : undefined
    return { constant, variables: [], render: () => constant, renderHeader: () => bytes }
  }
  const wireParts = parts.map(part => typeof part === 'string' ? headerBytes(part) : part)
  return {
    constant,
    variables: [...new Set(variables.map(variable => `${variable.root}.${variable.name}`))],
    render: scope => join(parts, scope, false),
    renderHeader: scope => {
      const value = join(wireParts, scope, true)
      return value !== undefined && isSafeHeaderValue(value) ? value : undefined
    }
  }
}

/** What is wrong with a template, for a person who wrote it; `undefined` when it is right. */
export function checkTemplate (text: string, roots: TemplateRoots = templateRoots): string | undefined {
  for (const [whole, escaped, inner] of text.matchAll(token)) {
    if (escaped !== undefined) continue
    if (inner === undefined) return `"${whole}" is not closed: expected "}" (for a dollar sign write "$$")`
    const { root, name } = variableOf(inner)
    const names = Object.hasOwn(roots, root) ? roots[root]! : undefined
    if (names === undefined) return `\${${inner}} is unknown: expected ${Object.keys(roots).map(known => `${known}.…`).join(', ')}`
    if (name === '') return `\${${inner}} has no name: expected \${${root}.${names === true ? 'name' : names[0] ?? 'name'}}`
    if (names !== true && !names.includes(name)) {
      return `\${${inner}} is unknown: expected ${names.map(known => `${root}.${known}`).join(', ')}`
    }
  }
  return undefined
}

/** `$$`, `${…}`, or a `${` without a closing brace. */
const token = /(\$\$)|\$\{([^{}]*)\}|\$\{[^{}]*/g

function parse (text: string): Part[] {
  const parts: Part[] = []
  let literal = ''
  let at = 0
  for (const match of text.matchAll(token)) {
    literal += text.slice(at, match.index)
    at = match.index + match[0].length
    if (match[1] !== undefined) {
      literal += '$'
      continue
    }
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(variableOf(match[2] ?? ''))
  }
  literal += text.slice(at)
  if (literal !== '') parts.push(literal)
  return parts
}

function variableOf (inner: string): Variable {
  const dot = inner.indexOf('.')
  const root = dot === -1 ? inner : inner.slice(0, dot)
  const name = dot === -1 ? '' : inner.slice(dot + 1)
  return { root, name: root === 'header' ? name.toLowerCase() : name, wire: wireRoots.has(root) }
}

/** The value at a name, or at a path of names, as text; undefined where a template finds nothing either. */
export function textAt (container: unknown, name: string): string | undefined {
  return toText(lookUp(container, name))
}

function join (parts: readonly Part[], scope: TemplateScope, wire: boolean): string | undefined {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = textAt(scope[part.root], part.name)
    if (value === undefined) return undefined
    if (wire && !part.wire) {
      if (!value.isWellFormed()) return undefined
      text += headerBytes(value)
    } else text += value
  }
  return text
}

/**
 * The value at a name, or else at a path of names: `https://example.com/role` as well as `address.country`.
 * Undefined where there is nothing.
 */
export function lookUp (container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null) return undefined
  const whole = ownMember(container, name)
  if (whole !== undefined) return whole
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const found = lookUp(ownMember(container, name.slice(0, dot)), name.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}

/** Own members only: `${claims.constructor}` is absent. */
function ownMember (container: object, name: string): unknown {
  return Object.hasOwn(container, name) ? (container as Record<string, unknown>)[name] : undefined
}

function toText (value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  if (typeof value === 'boolean') return String(value)
  if (!Array.isArray(value)) return undefined
  const members = value.map(member => Array.isArray(member) ? undefined : toText(member))
  // A member with a comma would count as two: `["user,admin"]`.
  return members.every(member => member !== undefined && !member.includes(',')) ? members.join(',') : undefined
}
