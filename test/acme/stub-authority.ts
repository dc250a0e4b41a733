/** A certificate authority in memory, which issues certificates of any life for requests of ours. */

import { createHash, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { element, integer, oid, readElement, readElements, sequence, set, tagged, tags, time } from '../../src/acme/der.ts'
import { extension, hostNames, noName, oids, pem, publicKeyInfo, signatureAlgorithm, signed } from '../../src/acme/x509.ts'

const version3 = tagged(0, element(0x02, Buffer.of(2)))

/** What a certificate is issued with, beside what is requested. Times in milliseconds since 1970. */
export interface Issue {
  readonly from: number
  readonly to: number
  /** Instead of those that are requested. */
  readonly hosts?: readonly string[]
}

export class StubAuthority {
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  readonly #name: Buffer
  readonly #id: Buffer
  /** The certificate of the authority, PEM. */
  readonly root: string

  constructor (name: string) {
    this.#name = sequence(set(sequence(oid('2.5.4.3'), element(0x0c, Buffer.from(name)))))
    this.#id = createHash('sha1').update(publicKeyInfo(this.#key)).digest()
    const basicConstraints = extension('2.5.29.19', sequence(element(0x01, Buffer.of(0xff))), true)
    const life = { from: Date.now() - 1e10, to: Date.now() + 1e12 }
    this.root = this.#certificate(this.#name, publicKeyInfo(this.#key), life, [basicConstraints])
  }

  /** Issues a certificate, PEM, for a request in DER. */
  issue (request: Buffer, { hosts = requestedHosts(request), ...life }: Issue): string {
    const [, , publicKey] = readElements(requestInfo(request))
    const info = element(tags.sequence, publicKey!.content)
    createPublicKey({ key: info, format: 'der', type: 'spki' })
    const authority = extension(oids.authorityKeyIdentifier, sequence(element(0x80, this.#id)))
    return this.#certificate(noName, info, life, [authority, hostNames(hosts)])
  }

  #certificate (subject: Buffer, publicKey: Buffer, { from, to }: Omit<Issue, 'hosts'>, extensions: readonly Buffer[]): string {
    return pem('CERTIFICATE', signed(sequence(
      version3,
      // With the highest bit set, so that its encoding has a leading zero.
      integer(Buffer.concat([Buffer.of(0xff), randomBytes(8)])),
      signatureAlgorithm,
      this.#name,
      sequence(time(new Date(from)), time(new Date(to))),
      subject,
      publicKey,
      tagged(3, sequence(...extensions))
    ), this.#key))
  }
}

/** The hosts of a request for a certificate. */
export function requestedHosts (request: Buffer): string[] {
  const [, , , attributes] = readElements(requestInfo(request))
  const [, values] = readElements(readElement(attributes!.content).content)
  const [names] = readElements(readElement(values!.content).content)
  const value = readElements(names!.content).at(-1)!.content
  return readElements(readElement(value).content).map(({ content }) => content.toString())
}

function requestInfo (request: Buffer): Buffer {
  return readElements(readElement(request).content)[0]!.content
}
