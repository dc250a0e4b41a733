/** Asks a directory when a certificate should be renewed (ARI, RFC 9773). */

import type { X509Certificate } from 'node:crypto'
import type { AcmeSession } from './acme-session.ts'
import { oid, readElement, readElements, tags } from './der.ts'
import { oids } from './x509.ts'

/** What the directory suggests. Times in milliseconds since 1970. */
export interface RenewalInfo {
  readonly start: number
  readonly end: number
  /** Milliseconds until it may be asked again. */
  readonly retryAfter: number | undefined
  /** A page about the reason, such as a revocation of many certificates. */
  readonly explanation: string | undefined
}

/** Reads the suggestion for a certificate; undefined when the directory makes none. */
export async function renewalInfo (session: AcmeSession, certificate: X509Certificate): Promise<RenewalInfo | undefined> {
  const { renewalInfo: url } = await session.directory()
  const id = certificateId(certificate)
  if (url === undefined || id === undefined) return undefined
  const { json, retryAfter } = await session.get(`${url.replace(/\/$/, '')}/${id}`)
  const { start, end } = (json['suggestedWindow'] ?? {}) as Record<string, unknown>
  const [from, to] = [Date.parse(String(start)), Date.parse(String(end))]
  // A window that is not one counts as a failed request (RFC 9773 §4.2).
  if (Number.isNaN(from) || Number.isNaN(to) || to <= from) return undefined
  const { explanationURL } = json
  return { start: from, end: to, retryAfter, explanation: typeof explanationURL === 'string' ? explanationURL : undefined }
}

/** The name of a certificate there: the key of its issuer and its serial number (RFC 9773 §4.1). Undefined without the former. */
export function certificateId (certificate: X509Certificate): string | undefined {
  const [body] = readElements(readElement(certificate.raw).content)
  const fields = readElements(body!.content)
  // The version is tagged, and comes first where it is present.
  const serial = fields.find(({ tag }) => tag === tags.integer)
  const extensions = fields.find(({ tag }) => tag === 0xa3)
  if (serial === undefined || extensions === undefined) return undefined
  const wanted = readElement(oid(oids.authorityKeyIdentifier)).content
  const found = readElements(readElement(extensions.content).content)
    .map(({ content }) => readElements(content))
    .find(([id]) => id!.content.equals(wanted))
  if (found === undefined) return undefined
  const identifier = readElements(readElement(found.at(-1)!.content).content).find(({ tag }) => tag === 0x80)
  return identifier && `${identifier.content.toString('base64url')}.${serial.content.toString('base64url')}`
}
