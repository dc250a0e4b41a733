/** The header fields of a response on their way to HTTP/2. */

import { nodeHttp } from '../../http/node-http.ts'

/** A value as Node takes it. */
export type FieldValue = number | string | readonly string[]

/** Values by lower-case name. */
export type Fields = Record<string, FieldValue | undefined>

/** What a response may be given fields in: an object, `[name, value, …]`, or, as Node takes trailers, `[[name, value], …]`. */
export type GivenFields = Readonly<Record<string, FieldValue | undefined>> | readonly FieldValue[]

/** Fields of a connection, which HTTP/2 does not have (RFC 9113 §8.2.2), and the proof of a handshake that it does without (RFC 8441). */
const forbidden: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings', 'te', 'sec-websocket-accept'
])

/** @throws Node's error for a name or a value that no version of HTTP allows. HTTP/2 of Node would send any value. */
export function checkField (name: string, value: FieldValue): void {
  nodeHttp.validateHeaderName(name)
  checkValue(name, value)
}

function checkValue (name: string, value: FieldValue): void {
  if (Array.isArray(value)) for (const one of value as readonly string[]) nodeHttp.validateHeaderValue(name, one)
  else if (typeof value !== 'number') nodeHttp.validateHeaderValue(name, value as string)
}

/**
 * Adds a field to a list for Node's HTTP/2. A field of a connection is left out.
 * @param name the name in lower case
 * @throws as {@link checkField}: once the response is on its way, it would be too late
 */
export function addField (list: (number | string)[], name: string, value: FieldValue): void {
  if (forbidden.has(name)) return
  checkField(name, value)
  if (Array.isArray(value)) for (const one of value as readonly string[]) list.push(name, one)
  else list.push(name, value as number | string)
}

/** No fields. The object inherits nothing. */
export function emptyFields (): Fields {
  return Object.create(null) as Fields
}

/** Merges given fields into others: a field replaces those of its name. */
export function mergeFields (fields: Fields, given: GivenFields): void {
  if (!isList(given)) {
    for (const name of Object.keys(given)) fields[name.toLowerCase()] = given[name]
    return
  }
  const list = typeof given[0] === 'object' ? given.flat() : given
  const fresh = emptyFields()
  for (let i = 0; i + 1 < list.length; i += 2) appendField(fresh, String(list[i]).toLowerCase(), list[i + 1]!)
  Object.assign(fields, fresh)
}

/** Adds a value to those of a field. */
export function appendField (fields: Fields, name: string, value: FieldValue): void {
  const there = fields[name]
  fields[name] = there === undefined ? value : [...listOf(there), ...listOf(value)]
}

/** Whether the value of a Connection field asks to close the connection. */
export function asksToClose (value: FieldValue | undefined): boolean {
  return value !== undefined && /(?:^|,)\s*close\s*(?:,|$)/i.test(String(value))
}

function isList (given: GivenFields): given is readonly FieldValue[] {
  return Array.isArray(given)
}

function listOf (value: FieldValue): readonly string[] {
  return typeof value === 'object' ? value : [String(value)]
}
