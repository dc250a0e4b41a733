/** Client certificates: admits requests by the certificate of their TLS connection, and provides who its owner is. */

import type { X509Certificate } from 'node:crypto'
import fp from 'fastify-plugin'
import {
  type Admitted, authentication, type AuthenticatorFactory, compileIdentityHeaders, type Exchange, ExpiringCache, GatewayError,
  identityFieldNames, type PluginConfig, refuse, type Refused, subjectOf, unknownVerdict,
  type Verdict
} from '../../../src/index.ts'
import { certificateFieldNames, certificateFields, readCertificateField } from './certificate-fields.ts'
import {
  checkCertificateSources, checkClientCertificateOptions, ClientCertificateSchema, type ClientCertificateOptions
} from './options.ts'
import { compileRules } from './rules.ts'
import { readSubject } from './subject.ts'

/** The options of the policy. */
export const config = {
  options: ClientCertificateSchema,
  checkOptions: checkClientCertificateOptions,
  check: checkCertificateSources,
  sets: ({ forward, identityHeaders }: ClientCertificateOptions) => [
    ...identityFieldNames(identityHeaders),
    ...forward ? certificateFieldNames : []
  ]
} satisfies PluginConfig

/** Certificates of proxies that are kept, so that each is read once. A day bounds them; expiry is checked with each request. */
const kept = { most: 1000, for: 86_400_000 }

/** What is decided about a certificate, whenever it is shown. */
interface Judged {
  readonly verdict: Verdict
  readonly notBefore: number
  readonly notAfter: number
}

/** The certificate of the client, or the reason why it is not trusted; undefined where the client sent no certificate. */
type Shown = X509Certificate | { readonly problem: string } | undefined

/** Creates the function that judges the certificate of a request. */
export const authenticator: AuthenticatorFactory<ClientCertificateOptions> = (app, options) => {
  const { clock, rehearsal, trusted } = app.gateway
  const { forward, from } = options
  const fits = compileRules(options.allow)
  const identify = compileIdentityHeaders(options.identityHeaders)
  const names = config.sets(options)

  const refusal = (why: string): Refused =>
    refuse(new GatewayError('client-certificate-refused', { cause: new Error(why) }), why, true)
  const none = from === 'connection' ? 'the client has sent no certificate' : 'no trusted proxy has sent the certificate of a client'
  const required = refuse(new GatewayError('client-certificate-required', { cause: new Error(none) }), none, false)

  const judge = (certificate: X509Certificate): Judged => {
    const subject = readSubject(certificate)
    const { notBefore, notAfter, claims } = subject
    const own = forward ? certificateFields(certificate) : []
    const refused = (why: string): Judged => ({ notBefore, notAfter, verdict: refusal(why) })
    if (own === undefined) return refused('the certificate is too long to be forwarded')
    if (!fits(subject)) return refused(`the certificate of ${subjectOf(claims)} fits no rule of allow`)
    const fields = [...identify?.(claims) ?? [], ...own]
    const verdict: Admitted = {
      admitted: true,
      claims,
      why: `certificate of ${subjectOf(claims)}`,
      ...(fields.length === 0 ? {} : { fields })
    }
    return { notBefore, notAfter, verdict }
  }

  /** All requests of a connection have the same certificate object. */
  const judged = new WeakMap<X509Certificate, Judged>()
  const judgedOnce = (certificate: X509Certificate): Judged => {
    let found = judged.get(certificate)
    if (found === undefined) judged.set(certificate, found = judge(certificate))
    return found
  }

  const forwarded = new ExpiringCache<X509Certificate>(kept.most)
  const readForwarded = ({ client, fields }: Exchange): Shown => {
    if (trusted?.(client.address) !== true) return undefined
    const value = fields.only('client-cert')
    if (value === undefined) return undefined
    if (value === null) return { problem: 'more than one field Client-Cert' }
    const now = clock.now()
    const certificate = forwarded.use(value, now) ?? readCertificateField(value)
    if (certificate === undefined) return { problem: 'Client-Cert is no certificate' }
    forwarded.set(value, certificate, now + kept.for)
    return certificate
  }
  const readOwn = ({ client: { tls } }: Exchange): Shown =>
    tls?.certificateProblem === undefined ? tls?.certificate : { problem: tls.certificateProblem }
  const read = from === 'proxy' ? readForwarded : readOwn

  return ({ exchange }) => {
    const shown = read(exchange)
    if (shown === undefined) {
      return rehearsal && from === 'connection' && exchange.client.tls === undefined
        ? unknownVerdict('a rehearsal has no TLS connection; `--certificate` gives it a certificate', names)
        : required
    }
    if ('problem' in shown) return refusal(`the certificate is not trusted: ${shown.problem}`)
    const { verdict, notBefore, notAfter } = judgedOnce(shown)
    // A connection may last longer than the certificate with which it began.
    const wall = clock.wall()
    if (wall > notAfter) return refusal('the certificate has expired')
    return wall < notBefore ? refusal('the certificate is not valid yet') : verdict
  }
}

export default fp(authentication(authenticator), { name: 'client-certificate', fastify: '5.x' })
