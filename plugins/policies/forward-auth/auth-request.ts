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
    const { raw, headers } = exchange
    const fields: Fields = {}
    for (let i = 0; i < raw.rawHeaders.length; i += 2) {
      const name = raw.rawHeaders[i]!.toLowerCase()
      if (!copied.has(name)) continue
      const value = raw.rawHeaders[i + 1]!
      fields[name] = Object.hasOwn(fields, name) ? [fields[name]!, value].flat() : value
    }
    const told = (name: string): string | undefined => {
      const value = trusted(exchange.peer) ? headers[name] : undefined
      return typeof value === 'string' && value !== '' ? value : undefined
    }
    fields['x-forwarded-method'] = exchange.method
    fields['x-forwarded-proto'] = told('x-forwarded-proto') ??
      ((raw.socket as { encrypted?: boolean }).encrypted === true ? 'https' : 'http')
    const host = told('x-forwarded-host') ?? exchange.authority ?? headers.host
    if (host !== undefined) fields['x-forwarded-host'] = host
    fields['x-forwarded-uri'] = exchange.path + exchange.query
    if (exchange.clientIp !== '') fields['x-forwarded-for'] = exchange.clientIp
    fields['x-request-id'] = exchange.id
    return { url, headers: fields }
  }
}

/** Whether a request has more than one Authorization field. The service and the upstream could then each read a different one. */
export function repeatsAuthorization ({ rawHeaders }: { readonly rawHeaders: readonly string[] }): boolean {
  let seen = false
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (seen) return true
    seen = true
  }
  return false
}
