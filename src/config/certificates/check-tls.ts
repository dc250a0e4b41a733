/** Checks `listeners[].tls`: its keys, and the files that it names. */

import type { Report } from '../../contract/plugin.ts'
import { cipherNames, handshakeOptions, isCipher, isCurve } from './handshake-options.ts'
import { child } from '../pointer.ts'
import { nearest } from '../check/nearest.ts'
import type { ListenerTlsConfig } from '../schema/listener-tls-schema.ts'
import { readCertificates, type ReadOptions } from './read-certificates.ts'

/** Reports every problem with its place. */
export function checkTls (tls: ListenerTlsConfig & { readonly acme?: unknown }, options: ReadOptions): void {
  const { pointer, report } = options
  if (tls.certificates.length === 0 && tls.acme === undefined) {
    report({ pointer, at: 'key', message: 'there is no certificate', hint: 'certificates: [{ cert: shop.pem, key: shop.key }]' })
  }
  for (const [index, { cert, key, folder }] of tls.certificates.entries()) {
    const place = child(child(pointer, 'certificates'), index)
    if (folder !== undefined && (cert ?? key) !== undefined) {
      report({ pointer: child(place, 'folder'), at: 'key', message: 'a folder has its certificates and keys, so there is none beside it' })
    } else if (folder === undefined && (cert === undefined || key === undefined)) {
      const missing = cert === undefined ? 'cert' : 'key'
      report({ pointer: place, message: `missing key "${missing}"`, ...cert === undefined ? { hint: 'or `folder`' } : {} })
    }
  }
  checkNames(tls, pointer, report)
  const { certificates } = readCertificates(tls, options)
  const taken = new Map<string, string>()
  for (const { source, pair } of certificates) {
    for (const host of new Set(pair?.hosts)) {
      const earlier = taken.get(host)
      if (earlier === undefined) {
        taken.set(host, source)
        continue
      }
      const message = `${host} has a certificate already (${earlier}), so that of ${source} is not used for it`
      report({ pointer: child(pointer, 'certificates'), message, severity: 'warning' })
    }
  }
}

function checkNames (tls: ListenerTlsConfig, pointer: string, report: Report): void {
  for (const [index, name] of (tls.ciphers ?? []).entries()) {
    if (isCipher(name)) continue
    const near = nearest(name, cipherNames)
    const hint = near === undefined ? 'names as in `openssl ciphers`' : `did you mean "${near}"?`
    report({ pointer: child(child(pointer, 'ciphers'), index), message: `unknown cipher suite "${name}"`, hint })
  }
  for (const [index, name] of (tls.curves ?? []).entries()) {
    if (isCurve(name)) continue
    const message = `unknown group "${name}"`
    report({ pointer: child(child(pointer, 'curves'), index), message, hint: 'such as X25519, P-256, P-384 or X25519MLKEM768' })
  }
  if (tls.minVersion === '1.3' && tls.ciphers?.some(name => name.startsWith('TLS_')) === false) {
    const message = 'none of them is for TLS 1.3'
    report({ pointer: child(pointer, 'ciphers'), message, hint: handshakeOptions({ minVersion: '1.3' }).ciphers!.split(':')[0]! })
  }
}
