/** `listeners[].tls`: certificates, and the rules of TLS handshakes. */

import Type, { type Static } from '#typebox'
import { AcmeSchema } from './acme-schema.ts'
import { Duration, Enum, PrivateKey } from './units.ts'

const strict = { additionalProperties: false } as const

/** `clientAuth` */
export const ClientAuthSchema = Type.Object({
  ca: Type.String({
    minLength: 1,
    description: 'Certificates of the authorities that issue those of clients: the path of a PEM file, or its text. All certificates ' +
      'between a client\'s and a root belong in it, unless clients send them.',
    examples: ['/etc/certs/clients.pem']
  }),
  crl: Type.Optional(Type.String({
    minLength: 1,
    description: 'What the authorities have revoked: the path of a PEM file, or its text. It needs a list of every authority in `ca`, ' +
      'and no client is trusted once a list has expired.'
  })),
  mode: Enum(['required', 'optional'], {
    default: 'required',
    description: 'Whether requests without a trusted certificate get a 403 `client-certificate-required`. With `optional` the policy ' +
      '`client-certificate` decides for each route.'
  })
}, { ...strict, description: 'Asks clients for certificates.' })

/** One item of `certificates`. */
const CertificateSchema = Type.Object({
  cert: Type.Optional(Type.String({
    minLength: 1,
    description: 'The certificate, then those of its issuers: the path of a PEM file, or its text. Its host names are read from it.',
    examples: ['/etc/certs/shop.pem']
  })),
  key: Type.Optional(PrivateKey({
    description: 'The private key: the path of a PEM file, or its text. It has no passphrase.',
    examples: ['/etc/certs/shop.key', '${file:/run/secrets/shop.key}']
  })),
  folder: Type.Optional(Type.String({
    minLength: 1,
    description: 'Instead of `cert` and `key`: a folder with NAME.pem or NAME.crt and NAME.key of each certificate.',
    examples: ['/etc/certs']
  })),
  clientAuth: Type.Optional(ClientAuthSchema)
}, { ...strict, description: 'A certificate with its key, or a folder of them. `clientAuth` replaces that of the listener for its hosts.' })

/** `listeners[].tls` */
export const ListenerTlsSchema = Type.Object({
  certificates: Type.Array(CertificateSchema, {
    default: [],
    description: 'Certificates, chosen by the host name that the client asks for (SNI). The first is for clients that ask for no name or ' +
      'an unknown one. Files are read again whenever they change.'
  }),
  acme: Type.Optional(AcmeSchema),
  clientAuth: Type.Optional(ClientAuthSchema),
  minVersion: Enum(['1.2', '1.3'], { default: '1.2', description: 'Oldest version of TLS.' }),
  ciphers: Type.Optional(Type.Array(Type.String(), {
    minItems: 1,
    description: 'Cipher suites, by the names that OpenSSL gives them. The default is Mozilla\'s "intermediate" list without DHE.',
    examples: [['TLS_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256']]
  })),
  curves: Type.Optional(Type.Array(Type.String(), {
    minItems: 1,
    description: 'Groups for the key exchange, the preferred first. The default is X25519MLKEM768, X25519, P-256 and P-384.',
    examples: [['X25519', 'P-256']]
  })),
  handshakeTimeout: Duration({ default: '10s', minimum: '1ms', description: 'Longest time for a handshake.' }),
  maxHandshakes: Type.Integer({
    default: 1024,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Most handshakes at once. Beyond it the one that has taken longest is closed.'
  })
}, { ...strict, description: 'TLS for the clients of this listener.' })

/** `listeners[].tls`, with its defaults. */
export type ListenerTlsConfig = Static<typeof ListenerTlsSchema>

/** One item of `certificates`. */
export type CertificateConfig = ListenerTlsConfig['certificates'][number]

/** `clientAuth`, with its defaults. */
export type ClientAuthConfig = Static<typeof ClientAuthSchema>
