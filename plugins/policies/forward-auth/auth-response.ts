/** Interprets the response of the service: admitted, rejected, or unusable. */

import { GatewayError, reasons, refuse, type ServiceAnswer, unusable, type Verdict } from '../../../src/index.ts'
import { isSafeHeaderValue } from '../../../src/http/index.ts'

/** Where the header fields of the response go; names in lower case. */
export interface AnswerFields {
  readonly upstreamHeaders: readonly string[]
  readonly refusalHeaders: readonly string[]
  readonly responseHeaders: readonly string[]
  /** Claims and the header fields that provide them. */
  readonly claims: readonly (readonly [claim: string, field: string])[]
}

const redirects: readonly number[] = [301, 302, 303, 307, 308]

/**
 * Reads a response.
 * @param presented whether the request had a credential
 * @throws ServiceUnavailable or UnusableAnswer when it neither admits nor rejects
 */
export function readVerdict (answer: ServiceAnswer, fields: AnswerFields, presented: boolean): Verdict {
  const { status } = answer
  if (status >= 200 && status <= 299) return admit(answer, fields)
  const isRedirect = redirects.includes(status) && textOf(answer, 'location') !== undefined
  if (!isRedirect && !(status >= 400 && status <= 499)) throw unusable(status, `the service responded with ${status}`)
  const reason = status === 401 ? reasons[presented ? 'invalid-token' : 'missing-token'] : { ...reasons.forbidden, status }
  const why = `the service responded with ${status}`
  return refuse(new GatewayError(reason, { headers: refusalFields(answer, fields.refusalHeaders), cause: new Error(why) }), why, presented)
}

function admit (answer: ServiceAnswer, { upstreamHeaders, responseHeaders, claims: rules }: AnswerFields): Verdict {
  const fields: string[] = []
  for (const name of upstreamHeaders) {
    const text = textOf(answer, name)
    if (text !== undefined) fields.push(name, text)
  }
  const responseFields = responseHeaders.flatMap(name => [answer.headers[name] ?? []].flat().filter(isSafeHeaderValue).flatMap(value => [
    name,
    value
  ]))
  const claims: Record<string, unknown> = {}
  for (const [claim, field] of rules) {
    const value = decode(textOf(answer, field))
    if (value !== undefined) Object.defineProperty(claims, claim, { value, enumerable: true })
  }
  return {
    admitted: true,
    why: `the service responded with ${answer.status}`,
    ...(rules.length === 0 ? {} : { claims: Object.freeze(claims) }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(responseFields.length === 0 ? {} : { responseFields })
  }
}

function refusalFields ({ headers }: ServiceAnswer, names: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (const name of names) {
    const values = [headers[name] ?? []].flat().filter(isSafeHeaderValue)
    if (values.length > 0) fields[name] = values.length === 1 ? values[0]! : values
  }
  return fields
}

/** A header field as one value; undefined when it is absent, empty or cannot be forwarded unchanged. */
function textOf ({ headers }: ServiceAnswer, name: string): string | undefined {
  const value = headers[name]
  if (value === undefined || value === '') return undefined
  const text = [value].flat().join(', ')
  return isSafeHeaderValue(text) ? text : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a header field as text; undefined for invalid UTF-8. With replacement characters two users could get the same name. */
function decode (bytes: string | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : utf8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}
