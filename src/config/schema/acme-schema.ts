/** `tls.acme` of a listener: certificates that a certificate authority issues by itself (RFC 8555). */

import Type, { type Static } from '#typebox'
import { Enum, Secret } from './units.ts'

const strict = { additionalProperties: false } as const

/** The directory of Let's Encrypt. */
export const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory'

/** `tls.acme` */
export const AcmeSchema = Type.Object({
  agreeToTerms: Type.Boolean({
    default: false,
    description: 'Your agreement to the terms of service of the certificate authority. Certificates are requested only when it is `true`.'
  }),
  email: Type.Optional(Type.String({
    pattern: '^[^\\s@]+@[^\\s@]+$',
    expected: 'an email address',
    description: 'Address to which the authority may write about the account.',
    examples: ['ops@shop.example']
  })),
  directory: Type.String({
    default: letsEncrypt,
    description: 'URL of the directory of the authority; that of Let\'s Encrypt by default.',
    examples: ['https://acme-staging-v02.api.letsencrypt.org/directory']
  }),
  directoryCa: Type.Optional(Type.String({
    minLength: 1,
    description: 'Certificates (PEM) by which the directory itself is trusted, instead of the public ones.',
    examples: ['${file:/run/secrets/ca.pem}']
  })),
  hosts: Type.Optional(Type.Array(Type.Union([
    Type.String(),
    Type.Array(Type.String(), { minItems: 1, maxItems: 100 })
  ], { expected: 'a host name, or a list of them that share a certificate' }), {
    minItems: 1,
    description: 'Hosts to request certificates for, each with one of its own; a list inside the list shares one. By default these are ' +
      'the hosts of all routes.',
    examples: [['shop.example', ['docs.example', 'www.docs.example']]]
  })),
  folder: Type.String({
    default: 'acme',
    minLength: 1,
    description: 'Folder for the account, the keys and the certificates, relative to the folder of the file. Several gateways may share ' +
      'it. Keep it over restarts, because authorities limit how many certificates they issue.'
  }),
  challenge: Type.Optional(Enum(['http-01', 'tls-alpn-01'], {
    description: 'How a host is proved: by a request to port 80, or by a handshake on port 443. By default with a handshake, and after ' +
      'a failure the other way, where a listener without TLS exists.'
  })),
  profile: Type.Optional(Type.String({
    pattern: '^[A-Za-z0-9._-]{1,64}$',
    expected: 'the name of a profile',
    description: 'Profile of certificates that the authority offers, such as one for short lives.',
    examples: ['shortlived']
  })),
  externalAccount: Type.Optional(Type.Object({
    keyId: Type.String({ minLength: 1, description: 'Identifier of the key.' }),
    hmacKey: Secret({
      minLength: 1,
      pattern: '^[A-Za-z0-9_-]+=*$',
      expected: 'a key in base64url',
      description: 'The key in base64url, as the authority shows it.'
    })
  }, { ...strict, description: 'Account at the authority to which the new one is bound (external account binding).' }))
}, {
  ...strict,
  description: 'Certificates that are requested and renewed by the gateway, from any authority with the ACME protocol (RFC 8555).'
})

/** `tls.acme`, validated. */
export type AcmeConfig = Static<typeof AcmeSchema>
