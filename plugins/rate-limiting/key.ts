/** What requests are counted by: a key such as `ip` or `header:x-api-key`, compiled to a function that reads it from a request. */

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { clientNetwork } from './client-network.ts'

/** What a key is read from. */
export interface KeySource {
  readonly clientIp: string
  readonly headers: IncomingHttpHeaders
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>> | undefined
  /** Claims of a verified token; those of a token that nobody verified must not be here. */
  readonly claims: Readonly<Record<string, unknown>> | null
  /** Undefined where no route fits. */
  readonly route: { readonly name: string } | undefined
}

/** A compiled key. */
export interface LimitKey {
  /** Never empty, at most 64 characters, and different for different values and kinds of values. */
  read (source: KeySource): string
  /** The same for a person: without the values of headers and cookies, which may be secrets. */
  describe (source: KeySource): string
}

interface Part {
  /** First character of its keys, so that a header cannot pose as the address of another client. */
  readonly tag: string
  /** Undefined when the request has no such value. */
  value (source: KeySource): string | undefined
  describe (value: string, source: KeySource): string
}

/** Longer keys are kept as their digest: the table is bounded in number, so its entries must be in size. */
const longest = 64

const ip: Part = { tag: 'i', value: source => clientNetwork(source.clientIp), describe: value => value }
// By name and not by place in the file, so that a route that is added above does not shift the buckets.
const route: Part = { tag: 'r', value: source => source.route?.name ?? '', describe: (_value, source) => `route ${source.route?.name ?? '(none)'}` }
const everybody: Part = { tag: 'g', value: () => '', describe: () => 'everybody' }

/** What is wrong with one key of the file; undefined when nothing is. */
export function keyProblem (text: string): string | undefined {
  return parse(text) === undefined ? `must be ip, route, global, or header:, cookie:, param: or claim: with a name, got "${text}"` : undefined
}

/**
 * Compiles one key or a list of them, which counts every combination by itself. Where a request has no such value it is counted by its address.
 * @throws RangeError with the text of {@link keyProblem}
 */
export function compileKey (keys: string | readonly string[]): LimitKey {
  const parts = (typeof keys === 'string' ? [keys] : keys).map(compile)
  const [first] = parts
  if (first !== undefined && parts.length === 1) return { read: source => shorten(readPart(first, source)), describe: source => describePart(first, source) }
  return {
    // Lengths first, because a value may contain whatever would stand between them.
    read: source => shorten(parts.map(part => readPart(part, source)).map(key => `${key.length}:${key}`).join('')),
    describe: source => parts.map(part => describePart(part, source)).join(', ')
  }
}

function compile (text: string): Part {
  const part = parse(text)
  if (part === undefined) throw new RangeError(keyProblem(text))
  return part
}

function parse (text: string): Part | undefined {
  if (text === 'ip') return ip
  if (text === 'route') return route
  if (text === 'global') return everybody
  const [, kind, name = ''] = /^(header|cookie|param|claim):([^\s;,=]+)$/.exec(text) ?? []
  if (kind === 'header') return { tag: 'h', value: headerReader(name.toLowerCase()), describe: () => text }
  if (kind === 'cookie') return { tag: 'c', value: source => cookie(source.headers.cookie, name), describe: () => text }
  if (kind === 'param') return { tag: 'p', value: source => own(source.params, name), describe: value => `${text} ${value}` }
  if (kind === 'claim') return { tag: 't', value: source => scalar(own(source.claims, name)), describe: value => `${text} ${value}` }
  return undefined
}

function readPart (part: Part, source: KeySource): string {
  const value = part.value(source)
  return value === undefined ? ip.tag + ip.value(source)! : part.tag + value
}

function describePart (part: Part, source: KeySource): string {
  const value = part.value(source)
  return value === undefined ? ip.value(source)! : part.describe(value, source)
}

function headerReader (name: string): (source: KeySource) => string | undefined {
  return source => {
    const value = source.headers[name]
    return value === undefined || value === '' ? undefined : String(value)
  }
}

/** The first cookie of a name (RFC 6265 §5.4), as sent. */
function cookie (header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim() || undefined
  }
  return undefined
}

function own<T> (record: Readonly<Record<string, T>> | null | undefined, name: string): T | undefined {
  return record !== null && record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function scalar (value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function shorten (key: string): string {
  // The tag cannot be `#`, so no client can write a key that looks like a digest.
  return key.length <= longest ? key : `#${createHash('sha256').update(key).digest('base64url')}`
}
