/** Certificates that are signed with their own key, which is enough where a client looks at the content only. */

import { randomBytes, type KeyObject } from 'node:crypto'
import { element, integer, sequence, tagged, time } from './der.ts'
import { hostNames, noName, pem, publicKeyInfo, signatureAlgorithm, signed } from './x509.ts'

const day = 24 * 3_600_000
const version3 = tagged(0, element(0x02, Buffer.of(2)))

/**
 * A certificate for a host, as PEM text, valid from an hour ago for a week.
 * @param now milliseconds since 1970
 * @param extensions in DER
 */
export function selfSigned (host: string, key: KeyObject, now: number, ...extensions: readonly Buffer[]): string {
  const validity = sequence(time(new Date(now - day / 24)), time(new Date(now + 7 * day)))
  return pem('CERTIFICATE', signed(sequence(
    version3,
    integer(randomBytes(16)),
    signatureAlgorithm,
    noName,
    validity,
    noName,
    publicKeyInfo(key),
    tagged(3, sequence(hostNames([host]), ...extensions))
  ), key))
}
