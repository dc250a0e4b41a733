/** Substitutes variables and secret files in scalar values: `${VAR}`, `${VAR:-default}`, `${VAR:?message}`, `${file:path}`, `$$`. */
import { nearest } from '../check/nearest.ts'
import type { Origin } from './origin.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A substitution that failed; `start` and `end` are offsets into the given text. */
export interface Fault { readonly start: number, readonly end: number, readonly message: string, readonly hint?: string }

export interface Interpolated {
  readonly text: string
  /** Whether a variable or file was substituted, so that the type of a plain scalar must be determined again. */
  readonly substituted: boolean
  /** The substituted variables and files, without defaults. */
  readonly origins: readonly Origin[]
  readonly faults: readonly Fault[]
}

export interface Lookup {
  readonly env: Environment
  /** Returns the content of a `${file:path}`, or why there is none. */
  readFile (path: string): { readonly text: string } | { readonly failure: string }
}

type Piece = { readonly text: string, readonly origin?: Origin } | { readonly message: string, readonly hint?: string } | 'untouched'

/**
 * Substitutes all variables of a text once; substituted text is not scanned again. A name with a dot, such as `${params.id}`, is a template
 * that the gateway fills in for each request, and is kept.
 */
export function interpolate (text: string, lookup: Lookup): Interpolated {
  const faults: Fault[] = []
  let out = ''
  let substituted = false
  const origins: Origin[] = []
  let from = 0
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', from)) {
    out += text.slice(from, at)
    const next = text[at + 1]
    from = at + (next === '$' ? 2 : 1)
    if (next !== '{') {
      out += '$'
      continue
    }
    const close = text.indexOf('}', at)
    from = close === -1 ? text.length : close + 1
    const piece = close === -1
      ? { message: '"${" is not closed', hint: 'write "$${" for the characters themselves' }
      : expand(text.slice(at + 2, close), lookup)
    if (piece === 'untouched') out += text.slice(at, from)
    else if ('message' in piece) faults.push({ start: at, end: from, ...piece })
    else {
      out += piece.text
      substituted = true
      if (piece.origin !== undefined) origins.push(piece.origin)
    }
  }
  return { text: out + text.slice(from), substituted, origins, faults }
}

function expand (expression: string, lookup: Lookup): Piece {
  if (expression.includes('${')) return { message: '"${" inside "${…}" is not possible' }
  if (expression.startsWith('file:')) return readSecret(expression.slice('file:'.length), lookup)
  const fromEnvironment = expression.startsWith('env:')
  const [name, operator, rest] = split(fromEnvironment ? expression.slice('env:'.length) : expression)
  if (!fromEnvironment && name.includes('.')) return 'untouched'
  if (!(fromEnvironment ? /^[^\s=]+$/ : /^[A-Za-z_]\w*$/).test(name)) {
    return {
      message: `"\${${expression}}" is not understood`,
      hint: 'write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:path}; "$${" for the characters themselves'
    }
  }
  const value = Object.hasOwn(lookup.env, name) ? lookup.env[name] : undefined
  // As in a shell, the forms with a colon treat an empty variable as missing.
  if (value !== undefined && (value !== '' || operator === undefined)) {
    return { text: value, origin: { kind: 'variable', name, text: value } }
  }
  if (operator === ':-') return { text: rest }
  const state = value === '' ? 'empty' : 'not set'
  if (operator === ':?' && rest !== '') return { message: `the variable ${name} is ${state}: ${rest}` }
  const similar = nearest(name, Object.keys(lookup.env))
  const hint = similar === undefined ? `set it, or write a default: \${${name}:-…}` : `did you mean "${similar}"?`
  return { message: `the variable ${name} is ${state}`, hint }
}

function split (expression: string): [name: string, operator: ':-' | ':?' | undefined, rest: string] {
  const match = /:[-?]/.exec(expression)
  if (match === null) return [expression, undefined, '']
  return [expression.slice(0, match.index), match[0] as ':-' | ':?', expression.slice(match.index + 2)]
}

function readSecret (path: string, lookup: Lookup): Piece {
  if (path === '') return { message: '"${file:}" names no file' }
  const read = lookup.readFile(path)
  if ('failure' in read) return { message: `cannot read the secret file ${path}: ${read.failure}` }
  const text = read.text.trim()
  return { text, origin: { kind: 'file', name: path, text } }
}
