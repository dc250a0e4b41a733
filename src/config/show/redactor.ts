/** Removes the secrets of a configuration from texts, also where they are part of a longer text. */

import type { Document } from '../read/document.ts'
import { steps } from '../pointer.ts'
import type { Problem } from '../check/problem.ts'
import { redacted } from './redact.ts'

/** The shortest text that is redacted. Shorter ones occur in other words and are too short to be secrets. */
const shortestSecret = 4
/** The shortest value of a variable without the name of a secret that is redacted. Shorter ones are ports, levels or stages. */
const shortestUntold = 8
const telling = /secret|passw|pwd|token|key|credential|auth|cookie|dsn|private|salt|sign/i

const longestInPattern = 256
const longestPattern = 8192

/** Hashes of secrets. They are not redacted, because they occur only in their own place. */
const hashes = /^(?:sha256:[0-9a-f]{64}|scrypt:\d+:\d+:\d+:[\w+/=-]+:[\w+/=-]+)$/i

export class Redactor {
  readonly #patterns: readonly (RegExp | string)[]

  /** @param texts the texts to redact */
  constructor (texts: Iterable<string>) {
    // Also in their JSON form. The longest come first, so that a text that begins with another one is redacted completely.
    const all = [...new Set([...texts].flatMap(text => [text, JSON.stringify(text).slice(1, -1)]))].sort((a, b) => b.length - a.length)
    const long = all.findIndex(text => text.length <= longestInPattern)
    const patterns: (RegExp | string)[] = long === -1 ? all : all.slice(0, long)
    // In chunks, because the size of a regular expression is limited.
    for (let from = Math.max(0, long), to = from; long !== -1 && from < all.length; from = to) {
      for (let size = 0; to < all.length && size < longestPattern; to++) size += all[to]!.length
      patterns.push(new RegExp(all.slice(from, to).map(text => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g'))
    }
    this.#patterns = patterns
  }

  /** Whether there is anything to redact. */
  get active (): boolean {
    return this.#patterns.length > 0
  }

  /** Returns the text with `[redacted]` in place of every secret. */
  text (text: string): string {
    return this.#patterns.reduce<string>((rest, pattern) => rest.replaceAll(pattern, redacted), text)
  }

  /** Returns a copy of plain data with all texts redacted. */
  data (value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map(item => this.data(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.text(key), this.data(inner)]))
  }

  /** Returns the texts of files with stars in place of secrets, one for each character, so that columns stay the same. */
  source (source: (file: string) => string | undefined): (file: string) => string | undefined {
    return file => this.#patterns.reduce<string | undefined>(
      (rest, pattern) => rest?.replaceAll(pattern, secret => '*'.repeat(secret.length)),
      source(file)
    )
  }
}


/**
 * Creates the redactor of a document. It redacts the content of files and variables, and the values of secret keys. Names of routes,
 * upstreams and targets are not redacted, because all logs and metrics contain them.
 * @param secretPlaces pointers of the values that a schema marks as secret
 */
export function redactorOf ({ value, origins }: Document, secretPlaces: Iterable<string>): Redactor {
  const texts = new Set<string>()
  const names = new Set<string>()
  for (const [pointer, parts] of origins) {
    for (const { kind, name, text } of parts) {
      if (kind === 'variable' && isName(pointer)) names.add(text)
      else if (kind === 'file' || text.length >= shortestUntold || telling.test(name)) {
        texts.add(text)
        // The items of a list.
        for (const item of text.split(',')) if (item.trim().length >= shortestUntold) texts.add(item.trim())
      }
    }
  }
  for (const pointer of secretPlaces) {
    const text = steps(pointer).reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], value)
    if (typeof text === 'string' && !hashes.test(text)) texts.add(text)
  }
  return new Redactor([...texts].filter(text => text.length >= shortestSecret && !names.has(text)))
}

/** Options of policies that hold the name of a field or parameter. */
const fieldNames = new Set(['header', 'parameter', 'query'])

/** Reports names that come from a `${file:…}`: the content of a file is never shown, but names are. */
export function secretNames ({ origins }: Document): Problem[] {
  // Policies and plugins may have a secret address, such as that of a webhook.
  const shown = ([pointer]: readonly [
    string,
    unknown
  ]): boolean => isName(pointer) && (!/^\/(?:policies|plugins)\//.test(pointer) || fieldNames.has(steps(pointer).at(-1)!))
  const wrong = [...origins].filter(entry => shown(entry) && entry[1].some(({ kind }) => kind === 'file'))
  return wrong.map(([pointer]) => ({
    severity: 'error',
    pointer,
    message: 'what comes from a ${file:…} is never shown, and this is, in logs and metrics',
    hint: 'write it here, or take it from a variable'
  }))
}

/** Keys of routes, policies and sections whose values are names or addresses. */
const named = new Set([
  'path', 'name', 'upstream', 'target', 'host', 'methods', 'policies', 'plugin', 'url', 'dns', 'srv', 'file', 'jwks',
  'discovery', 'endpoint',
  'issuer', 'output', 'serviceName', 'resolvers'
])

/** Whether the value at a place is a name, which logs, metrics and `explain` show. */
export function isName (pointer: string): boolean {
  const [section = '', first, second, third, ...deeper] = steps(pointer)
  switch (section) {
    case 'server': return first === 'host' || first === 'name' || first === 'policies' || first === 'trustProxy' ||
      first === 'proxyProtocol'
    case 'listeners': return second === 'host' || second === 'socket' || deeper.at(-1) === 'folder' ||
      (third === 'acme' && (deeper[0] === 'directory' || deeper[0] === 'hosts'))
    case 'admin': return first === 'host' || first === 'allowedHosts'
    case 'upstreams':
      return (second === 'targets' && (deeper.length === 0 || named.has(deeper[0]!))) || second === 'resolvers' || second === 'fallback'
    case 'routes': return named.has(second ?? '') || (second === 'split' && deeper[0] === 'upstream')
    case 'policies': case 'plugins': return named.has(second ?? '') || fieldNames.has(second ?? '') || (
      second === 'timestamp' && fieldNames.has(third ?? '')
    )
    case 'accessLog': return first === 'fields' || first === 'output'
    default: return first !== undefined && (named.has(first) || (section === 'tracing' && first === 'resource'))
  }
}
