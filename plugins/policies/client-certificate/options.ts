/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { checkIdentityHeaders, type Config, Enum, IdentityHeadersSchema, type Report } from '../../../src/index.ts'
import { networkProblem } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

/** One value or several, of which one must fit. */
const Values = (description: string, examples: unknown[]) => Type.Optional(Type.Union(
  [Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 10_000 })],
  { expected: 'text, or a list of texts', description, examples }
))

const Name = (description: string, examples: unknown[]) => Type.Optional(Type.Record(
  Type.String({ pattern: '^(?:[A-Za-z]+|[0-9]+(?:\\.[0-9]+)+)$' }),
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 10_000 })], {
    expected: 'text, or a list of texts'
  }),
  { minProperties: 1, expected: 'attributes such as CN or O', description, examples }
))

const RuleSchema = Type.Object({
  subject: Name(
    'Attributes of the subject (`CN`, `O`, `OU`, `C`, …, or an OID), each with a value or several, of which one must fit. `*` stands ' +
      'for any characters.',
    [{ O: 'Acme GmbH', CN: ['billing', 'worker-*'] }]
  ),
  issuer: Name(
    'The same for the issuer. A name says little where several certificate authorities are trusted: each can issue for any name.',
    [{ CN: 'Acme Devices CA' }]
  ),
  san: Type.Optional(Type.Object({
    dns: Values('DNS names. `*` stands for any characters but a dot, `**` for any characters.', ['*.pay.example']),
    uri: Values('URIs, such as SPIFFE identifiers. `*` stands for any characters but a slash, `**` for any characters.', [
      'spiffe://acme.example/ns/*/sa/billing'
    ]),
    email: Values('Email addresses. `*` stands for any characters but an `@`.', ['*@acme.example']),
    ip: Values('Networks: an address, a range, `private` or `loopback`.', ['10.0.0.0/8'])
  }, { ...strict, minProperties: 1, description: 'Subject alternative names, by kind.' })),
  fingerprint: Values('SHA-256 of the certificate: 64 hex digits, with or without colons.', [
    '5f:3a:…:c1'
  ])
}, { ...strict, minProperties: 1 })

/** A rule of `allow`. */
export type AllowRule = Static<typeof RuleSchema>

export const ClientCertificateSchema = Type.Object({
  allow: Type.Optional(Type.Array(RuleSchema, {
    minItems: 1,
    maxItems: 10_000,
    description: 'Certificates that are admitted: those that fit one of these rules. A rule fits where all its keys do. Without it, ' +
      'every trusted certificate is admitted.'
  })),
  from: Enum(['connection', 'proxy'], {
    default: 'connection',
    description: 'Where the certificate comes from: the TLS connection of the client, or the field `Client-Cert` (RFC 9440) of a proxy ' +
      'in front that is listed in `server.trustProxy` and has verified it.'
  }),
  forward: Type.Boolean({
    default: false,
    description: 'Whether the upstream gets the certificate in `Client-Cert`, and what is known of its chain in `Client-Cert-Chain` ' +
      '(RFC 9440).'
  }),
  identityHeaders: IdentityHeadersSchema
}, strict)

export type ClientCertificateOptions = Static<typeof ClientCertificateSchema>

/** Checks what the schema cannot express. */
export function checkClientCertificateOptions ({ allow = [], identityHeaders }: ClientCertificateOptions, report: Report): void {
  checkIdentityHeaders(identityHeaders, report)
  for (const [index, { san, fingerprint }] of allow.entries()) {
    const rule = child('/allow', index)
    for (const [pointer, network] of valuesAt(child(child(rule, 'san'), 'ip'), san?.ip)) {
      const message = networkProblem(network)
      if (message !== undefined) report({ pointer, message })
    }
    for (const [pointer, text] of valuesAt(child(rule, 'fingerprint'), fingerprint)) {
      if (/^[0-9a-f]{64}$/i.test(text.replaceAll(':', ''))) continue
      report({ pointer, message: 'is no SHA-256: expected 64 hex digits', hint: 'openssl x509 -noout -fingerprint -sha256 -in client.pem' })
    }
  }
}

function valuesAt (pointer: string, values: string | readonly string[] | undefined): [pointer: string, value: string][] {
  if (values === undefined) return []
  return typeof values === 'string' ? [[pointer, values]] : values.map((value, index) => [child(pointer, index), value])
}

/** Reports policies that can never see a certificate. */
export function checkCertificateSources ({ policies, server, listeners }: Config, report: Report): void {
  const asks = listeners.some(({ tls }) => [tls, ...tls?.certificates ?? []].some(part => part?.clientAuth !== undefined))
  for (const [name, entry] of Object.entries(policies)) {
    const { plugin, from } = entry as typeof entry & { readonly from?: unknown }
    if (plugin !== 'client-certificate') continue
    const pointer = child('/policies', name)
    if (from === 'proxy') {
      if (server.trustProxy.length > 0) continue
      report({
        pointer: child(pointer, 'from'),
        message: 'certificates are taken from the proxies of server.trustProxy only, and it names none'
      })
    } else if (!asks) {
      report({
        pointer,
        severity: 'warning',
        message: 'admits no request: no listener asks its clients for certificates',
        hint: 'listeners: [{ port: 8443, tls: { certificates: […], clientAuth: { ca: clients.pem, mode: optional } } }]'
      })
    }
  }
}
