/** Certificate signing requests (PKCS #10, RFC 2986). */

import type { KeyObject } from 'node:crypto'
import { element, oid, sequence, set, tagged } from './der.ts'
import { hostNames, noName, oids, publicKeyInfo, signed } from './x509.ts'

const version = element(0x02, Buffer.of(0))

/** A request for a certificate with these hosts, in DER, signed with its P-256 key. */
export function signingRequest (hosts: readonly string[], key: KeyObject): Buffer {
  const attributes = tagged(0, sequence(oid(oids.extensionRequest), set(sequence(hostNames(hosts)))))
  return signed(sequence(version, noName, publicKeyInfo(key), attributes), key)
}
