/** Builds the request to the service: a GET with the method, target, client address and credentials of the original request. */

import type { Exchange, Question } from '../../../src/index.ts'

/** Decided at boot. */
export interface QuestionOptions {
  readonly url: string
  readonly requestHeaders: readonly string[]
  /** Whether the peer at this address is trusted to report the original scheme and host. */
  readonly trusted: (ip: string) => boolean
}

/** Header fields by lower-case name; several of one name as a list. */
type Fields = Record<string, string | string[]>

/** Compiles the options to a function that builds the request about an exchange. */
export function compileQuestion ({ url, requestHeaders, trusted }: QuestionOptions): (exchange: Exchange) => Question {
  const copied: ReadonlySet<string> = new Set(requestHeaders.map(name => name.toLowerCase()))
  return exchange => {
    const { client, headers, fields: { list } } = exchange
    const fields: Fields = {}
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i]!.toLowerCase()
      if (!copied.has(name)) continue
      const value = list[i + 1]!
      fields[name] = Object.hasOwn(fields, name) ? [fields[name]!, value].flat() : value
    }
    const told = (name: string): string | undefined => {
      const value = trusted(client.address) ? headers[name] : undefined
      return typeof value === 'string' && value !== '' ? value : undefined
    }
    fields['x-forwarded-method'] = exchange.method
    fields['x-forwarded-proto'] = told('x-forwarded-proto') ?? (client.tls === undefined ? 'http' : 'https')
    const host = told('x-forwarded-host') ?? exchange.authority ?? headers.host
    if (host !== undefined) fields['x-forwarded-host'] = host
    fields['x-forwarded-uri'] = exchange.path + exchange.query
    if (exchange.clientIp !== '') fields['x-forwarded-for'] = exchange.clientIp
    fields['x-request-id'] = exchange.id
    return { url, headers: fields }
  }
}
