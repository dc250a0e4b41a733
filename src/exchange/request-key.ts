/** Request keys, such as `ip` or `header:x-api-key`, by which requests are grouped for limits and for hashing. */

import { createHash, createHmac } from 'node:crypto'
import { clientNetwork } from '../http/client-network.ts'
import { lookUp } from '../http/header-template.ts'
import { decodeOrKeep } from '../http/percent.ts'
import type { Exchange } from '../contract/exchange.ts'
import { processSecret } from '../threads/process-secret.ts'

/** A compiled request key. */
export interface RequestKey {
  /**
   * Returns the key of a request: never empty, at most 64 characters, and different for different values and kinds of values. The client's
   * address replaces an absent value.
   */
  read (exchange: Exchange): string
  /** The same, but undefined when any value is absent. */
  find (exchange: Exchange): string | undefined
  /** Describes the key for people, without the values of headers and cookies, which may be secrets. */
  describe (exchange: Exchange): string
  /**
   * Describes a key that `read` returned, or what is there of one that was cut. A digest stands for the values of headers, cookies and
   * queries.
   */
  show (key: string): string
}

interface Part {
  /** The first character of its keys, so that a header value cannot be mistaken for the address of another client. */
  readonly tag: string
  /** Undefined when the request has no such value. */
  value (exchange: Exchange): string | undefined
  describe (value: string, exchange: Exchange): string
  /** Describes a value without the request that it came from. Must not contain a secret. */
  show (value: string): string
}

/** The most characters of a key. A digest replaces longer ones, because tables limit the number of keys but not their length. */
const longest = 64

const ip: Part = { tag: 'i', value: exchange => clientNetwork(exchange.clientIp), describe: value => value, show: value => value }
// By name and not by position in the file, so that a new route above it does not change the key.
const route: Part = {
  tag: 'r',
  value: exchange => exchange.route?.name ?? '',
  describe: (_value, exchange) => `route ${exchange.route?.name ?? '(none)'}`,
  show: value => `route ${value === '' ? '(none)' : value}`
}
// Decoded, because otherwise `/%6cogin` would have a separate limit from `/login`.
const path: Part = {
  tag: 'u',
  value: exchange => exchange.match?.matchedPath() ?? decodeOrKeep(exchange.path),
  describe: value => `path ${value}`,
  show: value => `path ${value}`
}
const everybody: Part = { tag: 'g', value: () => '', describe: () => 'everybody', show: () => 'everybody' }

/** Describes the problem of a key in the configuration; undefined for a valid key. */
export function keyProblem (text: string): string | undefined {
  return parse(text) === undefined
    ? `must be ip, route, path, global, or header:, cookie:, query:, param: or claim: with a name, got "${text}"`
    : undefined
}

/**
 * Compiles a key, or a list of keys, of which each combination is counted separately. A request without the value is counted by its
 * address.
 * @throws RangeError with the text of {@link keyProblem}
 */
export function compileKey (keys: string | readonly string[]): RequestKey {
  const parts = (typeof keys === 'string' ? [keys] : keys).map(compile)
  const [first] = parts
  if (first !== undefined && parts.length === 1) {
    return {
      read: exchange => shorten(readPart(first, exchange)),
      find: exchange => findPart(first, exchange),
      describe: exchange => describePart(first, exchange),
      show: key => showPart(first, key)
    }
  }
  // With the length of each part, because a value may contain any separator.
  const joined = (exchange: Exchange): string =>
    parts.map(part => readPart(part, exchange)).map(key => `${key.length}:${key}`).join('')
  return {
    read: exchange => shorten(joined(exchange)),
    find: exchange => parts.every(part => part.value(exchange) !== undefined) ? joined(exchange) : undefined,
    describe: exchange => parts.map(part => describePart(part, exchange)).join(', '),
    show (key) {
      const shown = splitParts(key).map((one, index) => showPart(parts[index]!, one))
      return (key.startsWith('#') || shown.length === parts.length ? shown : [...shown, '…']).join(', ')
    }
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
  if (text === 'path') return path
  if (text === 'global') return everybody
  const [, kind, name = ''] = /^(header|cookie|query|param|claim):([^\s;,=]+)$/.exec(text) ?? []
  const secret = { describe: () => text, show: (value: string) => `${text} ${digestOf(value)}` }
  const open = { describe: (value: string) => `${text} ${value}`, show: (value: string) => `${text} ${value}` }
  if (kind === 'header') return { tag: 'h', value: headerReader(name.toLowerCase()), ...secret }
  if (kind === 'cookie') return { tag: 'c', value: exchange => cookie(exchange.headers.cookie, name), ...secret }
  if (kind === 'query') {
    return {
      tag: 'q',
      value: exchange => scalar(whole(own(exchange.request?.query as Record<string, unknown> | undefined, name))),
      ...secret
    }
  }
  if (kind === 'param') return { tag: 'p', value: exchange => own(exchange.match?.params, name), ...open }
  if (kind === 'claim') {
    return { tag: 't', value: exchange => scalar(lookUp(exchange.request?.claims, name)), ...open }
  }
  return undefined
}

function readPart (part: Part, exchange: Exchange): string {
  const value = part.value(exchange)
  return value === undefined ? ip.tag + ip.value(exchange)! : part.tag + value
}

function findPart (part: Part, exchange: Exchange): string | undefined {
  const value = part.value(exchange)
  return value === undefined ? undefined : part.tag + value
}

function describePart (part: Part, exchange: Exchange): string {
  const value = part.value(exchange)
  return value === undefined ? ip.value(exchange)! : part.describe(value, exchange)
}

function headerReader (name: string): (exchange: Exchange) => string | undefined {
  return exchange => {
    const value = exchange.headers[name]
    return value === undefined || value === '' ? undefined : String(value)
  }
}

/**
 * Secrets are shown as digests under a key of this process, so that they cannot be guessed from a list of likely ones. All threads show
 * the same.
 */
const digestKey = processSecret('onedoor digests of request keys')

function digestOf (value: string): string {
  return `#${createHmac('sha256', digestKey).update(value).digest('base64url').slice(0, 10)}`
}

/** A part that its request did not have is an address. */
function showPart (part: Part, key: string): string {
  if (key.startsWith('#')) return digestOf(key)
  return (key.startsWith(ip.tag) ? ip : part).show(key.slice(1))
}

/** Undoes the joining of parts, as far as there are any. A key that was too long is one digest. */
function splitParts (key: string): string[] {
  if (key.startsWith('#')) return [key]
  const parts: string[] = []
  for (let at = 0; at < key.length;) {
    const colon = key.indexOf(':', at)
    if (colon === -1) break
    const end = colon + 1 + Number(key.slice(at, colon))
    parts.push(key.slice(colon + 1, end))
    at = end
  }
  return parts
}

/** Returns the first cookie of a name (RFC 6265 §5.4), as sent. */
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

/** Joins all values of a repeated parameter, because it is not known which of them the service reads. */
function whole (value: unknown): unknown {
  return Array.isArray(value) ? value.join('&') : value
}

function scalar (value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function shorten (key: string): string {
  // No tag is `#`, so no client can send a value whose key looks like a digest.
  return key.length <= longest ? key : `#${createHash('sha256').update(key).digest('base64url')}`
}

/**
 * Compiles a key to a function that returns its plain value in a request, to compare it with values in the configuration; undefined where
 * there is none.
 * @throws RangeError with the text of {@link keyProblem}
 */
export function compileValue (key: string): (exchange: Exchange) => string | undefined {
  const part = compile(key)
  return exchange => part.value(exchange)
}
