/** Certificates for tests (RFC 5280), issued in a millisecond each, with a certificate authority of their own. */

import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export interface CertificateOptions {
  /** The common name, or attributes in their order. */
  readonly subject: string | readonly (readonly [attribute: keyof typeof attributes, value: string])[]
  /** Alternative names such as `dns:a.example`, `uri:spiffe://…`, `email:…`, `ip:127.0.0.1`; byte for byte. */
  readonly san?: readonly string[]
  /** Signs the certificate; itself where there is none. */
  readonly issuer?: TestCertificate
  /** Whether it can issue others. */
  readonly ca?: boolean
  /** By default a day ago, and a day from now. */
  readonly notBefore?: Date
  readonly notAfter?: Date
}

export interface TestCertificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
  /** Hexadecimal. */
  readonly serial: string
  readonly name: Buffer
  readonly privateKey: KeyObject
}

const day = 86_400_000

const attributes = { CN: '2.5.4.3', C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', serialNumber: '2.5.4.5' } as const
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

/** Issues a certificate with a key on P-256. */
export function issueCertificate (options: CertificateOptions): TestCertificate {
  const { subject, san = [], issuer, ca = false } = options
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = nameOf(subject)
  // Positive, because its first bit is not set.
  const serial = Buffer.concat([Buffer.from([0x4a]), randomBytes(7)])
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    issuer?.name ?? name,
    sequence(time(options.notBefore ?? new Date(Date.now() - day)), time(options.notAfter ?? new Date(Date.now() + day))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(
      extension('2.5.29.19', true, sequence(...ca ? [der(0x01, Buffer.from([0xff]))] : [])),
      // Certificates and revocation lists.
      ...ca ? [extension('2.5.29.15', true, der(0x03, Buffer.from([1, 0x06])))] : [],
      ...san.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...san.map(alternativeName)))]
    ))
  )
  return {
    cert: pem('CERTIFICATE', signed(body, issuer?.privateKey ?? privateKey)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    serial: serial.toString('hex'),
    name,
    privateKey
  }
}

/** The revocation list (PEM) of a certificate authority. */
export function revocationList (issuer: TestCertificate, revoked: readonly TestCertificate[]): string {
  const now = time(new Date(Date.now() - day))
  return pem('X509 CRL', signed(sequence(
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    issuer.name,
    now,
    time(new Date(Date.now() + day)),
    ...revoked.length === 0 ? [] : [sequence(...revoked.map(({ serial }) => sequence(der(0x02, Buffer.from(serial, 'hex')), now)))]
  ), issuer.privateKey))
}

function nameOf (subject: CertificateOptions['subject']): Buffer {
  const pairs = typeof subject === 'string' ? [['CN', subject] as const] : subject
  return sequence(...pairs.map(([attribute, value]) => der(0x31, sequence(oid(attributes[attribute]), der(0x0c, Buffer.from(value))))))
}

function alternativeName (text: string): Buffer {
  const colon = text.indexOf(':')
  const value = text.slice(colon + 1)
  const kind = text.slice(0, colon)
  if (kind === 'email') return der(0x81, Buffer.from(value, 'latin1'))
  if (kind === 'dns') return der(0x82, Buffer.from(value, 'latin1'))
  if (kind === 'uri') return der(0x86, Buffer.from(value, 'latin1'))
  if (kind === 'ip') return der(0x87, addressBytes(value))
  throw new TypeError(`"${kind}" is no kind of an alternative name`)
}

function addressBytes (address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (part: string): string[] => part === '' ? [] : part.split(':')
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)]
  return Buffer.from(all.map(group => group.padStart(4, '0')).join(''), 'hex')
}

function signed (body: Buffer, key: KeyObject): Buffer {
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, key)))
}

function extension (id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...critical ? [der(0x01, Buffer.from([0xff]))] : [], der(0x04, value))
}

function time (date: Date): Buffer {
  const text = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text))
}

function oid (text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number)
  return der(0x06, Buffer.from([first! * 40 + second!, ...rest.flatMap(base128)]))
}

function base128 (value: number): number[] {
  const bytes = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift(0x80 | (left & 0x7f))
  return bytes
}

function sequence (...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function der (tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function pem (label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes.toString('base64').match(/.{1,64}/g)!.join('\n')}\n-----END ${label}-----\n`
}
