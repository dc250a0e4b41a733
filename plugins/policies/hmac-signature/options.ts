/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { Duration, Enum, type Report, Secret, Size } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

const FieldName = (description: string) => Type.String({
  pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$',
  expected: 'the name of a header',
  description
})

const Parameter = (description: string) => Type.Optional(Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  expected: 'the name of a parameter',
  description
}))

export const HmacOptionsSchema = Type.Object({
  secrets: Type.Array(
    Secret({ minLength: 1 }),
    {
      minItems: 1,
      maxItems: 10,
      description: 'Secrets shared with the sender. Any of them is accepted, so that they can be rotated.'
    }
  ),
  header: FieldName('Header that holds the signature.'),
  parameter: Parameter(
    'Where the header is a list such as `t=1700000000,v1=5257a8…`: the name before the signature. Several of the name are tried.'
  ),
  prefix: Type.String({ default: '', description: 'Text before the signature.', examples: ['sha256='] }),
  algorithm: Enum(['sha256', 'sha512'], { default: 'sha256', description: 'Hash of the HMAC.' }),
  encoding: Enum(['hex', 'base64'], { default: 'hex', description: 'Encoding of the signature.' }),
  signed: Type.Array(Type.String({
    pattern: '^(method|path|query|timestamp|body|header:[!#$%&\'*+.^_`|~0-9A-Za-z-]+|text:.+)$',
    expected: 'method, path, query, timestamp, body, header:NAME or text:WORDS'
  }), {
    minItems: 1,
    default: ['body'],
    description: 'What is signed, in this order: `method`, `path` and `query` (without `?`) as received, `header:NAME`, `timestamp`, ' +
      '`text:WORDS` for fixed text, `body`.'
  }),
  separator: Type.String({ default: '\n', description: 'Separator between the parts of `signed`.' }),
  timestamp: Type.Optional(Type.Object({
    header: Type.Optional(FieldName('Header that holds it.')),
    parameter: Parameter('Parameter of the signature\'s header that holds it.'),
    unit: Enum(['s', 'ms'], { default: 's', description: 'Seconds or milliseconds since 1970.' }),
    tolerance: Duration({
      default: '5m',
      minimum: '1s',
      maximum: '1d',
      description: 'The largest difference to the current time, in both directions.'
    })
  }, { ...strict, description: 'Time of the signature, so that a recorded request cannot be replayed later.' })),
  maxBody: Size({
    default: '1mb',
    minimum: '1b',
    maximum: '100mb',
    description: 'The most bytes of a signed body, which is read completely before it is forwarded. A larger one is rejected with 413.'
  }),
  consumer: Type.Optional(Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Identity of the sender: claims `sub` and `consumer`.'
  }))
}, strict)

export type HmacOptions = Static<typeof HmacOptionsSchema>

/** A shorter secret can be guessed (RFC 2104 §3 recommends the length of the hash). */
const shortSecret = 16

/** Checks what the schema cannot express. */
export function checkHmacOptions ({ secrets, header, parameter, prefix, signed, separator, timestamp }: HmacOptions, report: Report): void {
  for (const [index, secret] of secrets.entries()) {
    if (Buffer.byteLength(secret) < shortSecret) {
      report({
        pointer: child('/secrets', index),
        severity: 'warning',
        message: `is shorter than ${shortSecret} bytes: whoever has one signed message can guess it`,
        hint: 'openssl rand -base64 32'
      })
    }
  }
  if (parameter !== undefined && prefix !== '') {
    report({ pointer: '/prefix', message: 'cannot stand beside parameter, whose name stands before the signature', at: 'key' })
  }
  if (/^(?:host|content-length|transfer-encoding|connection)$/i.test(header)) {
    report({ pointer: '/header', message: `must not be ${header}, which has another meaning` })
  }
  for (const [index, part] of signed.entries()) {
    if (part === 'timestamp' && timestamp === undefined) {
      report({ pointer: child('/signed', index), message: 'needs timestamp beside signed, which says where it stands' })
    }
    if (part.toLowerCase() === `header:${header.toLowerCase()}`) {
      report({ pointer: child('/signed', index), message: 'a signature cannot sign itself' })
    }
  }
  if (signed.length > 1 && separator === '') {
    report({
      pointer: '/separator',
      severity: 'warning',
      message: 'with nothing between them the parts can be divided in another way, and the signature still fits'
    })
  }
  if (timestamp !== undefined) checkTimestamp(timestamp, { parameter, signed }, report)
}

function checkTimestamp (
  timestamp: NonNullable<HmacOptions['timestamp']>,
  { parameter, signed }: { readonly parameter: string | undefined, readonly signed: readonly string[] },
  report: Report
): void {
  if ((timestamp.header === undefined) === (timestamp.parameter === undefined)) {
    report({ pointer: '/timestamp', message: 'needs either header or parameter' })
  }
  if (timestamp.parameter !== undefined && parameter === undefined) {
    report({ pointer: '/timestamp/parameter', message: 'needs parameter for the signature too', at: 'key' })
  }
  if (timestamp.parameter !== undefined && timestamp.parameter === parameter) {
    report({ pointer: '/timestamp/parameter', message: 'must be another than that of the signature' })
  }
  // Otherwise a recorded message could be replayed with a new timestamp.
  const covered = signed.some(
    part => part === 'timestamp' || (timestamp.header !== undefined && part.toLowerCase() === `header:${timestamp.header.toLowerCase()}`)
  )
  if (!covered) {
    report({ pointer: '/timestamp', message: 'is not signed, so anybody could write a new one', hint: 'put timestamp into signed' })
  }
}
