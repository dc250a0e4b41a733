/** The versions, ciphers and groups of a listener. */

import { createSecureContext, getCiphers, type SecureContextOptions } from 'node:tls'
import type { ListenerTlsConfig } from '../schema/listener-tls-schema.ts'

/**
 * Mozilla's "intermediate" list, version 5.7, without DHE, which needs parameters of its own and is used by no client that cannot do
 * ECDHE.
 */
const ciphers = [
  'TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'
]

const curves = ['X25519MLKEM768', 'X25519', 'P-256', 'P-384']

/** What all certificates of a listener have in common. */
export function handshakeOptions (tls: Pick<ListenerTlsConfig, 'minVersion' | 'ciphers' | 'curves'>): SecureContextOptions {
  return {
    minVersion: `TLSv${tls.minVersion}`,
    ciphers: (tls.ciphers ?? ciphers).join(':'),
    ecdhCurve: (tls.curves ?? curves).join(':'),
    // Clients know best which of these ciphers is fast for them.
    honorCipherOrder: false
  }
}

/** Whether OpenSSL knows a cipher suite, by its own name. It ignores those that it does not know. */
export function isCipher (name: string): boolean {
  return knownCiphers.has(name.toLowerCase())
}

const knownCiphers = new Set(getCiphers())

/** All cipher suites, by the names of OpenSSL. */
export const cipherNames: readonly string[] = [...knownCiphers].map(name => name.toUpperCase())

/** Whether OpenSSL knows a group. */
export function isCurve (name: string): boolean {
  try {
    createSecureContext({ ecdhCurve: name })
    return true
  } catch {
    return false
  }
}
