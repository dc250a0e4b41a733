/** Makes the paths of `listeners[].tls` absolute. */

import { resolve } from 'node:path'
import type { ClientAuthConfig, ListenerTlsConfig } from '../schema/listener-tls-schema.ts'
import { isPem } from './pem.ts'

/** Returns the same with absolute paths. Texts stay as they are. */
export function withTlsPaths <T extends ListenerTlsConfig> (tls: T, folder: string): T {
  const absolute = (value: string): string => isPem(value) ? value : resolve(folder, value)
  const { clientAuth, certificates } = tls
  return {
    ...tls,
    ...clientAuth === undefined ? {} : { clientAuth: withAuthPaths(clientAuth, absolute) },
    certificates: certificates.map(({ cert, key, folder: pairs, clientAuth: own }) => ({
      ...cert === undefined ? {} : { cert: absolute(cert) },
      ...key === undefined ? {} : { key: absolute(key) },
      ...pairs === undefined ? {} : { folder: absolute(pairs) },
      ...own === undefined ? {} : { clientAuth: withAuthPaths(own, absolute) }
    }))
  }
}

function withAuthPaths ({ ca, crl, mode }: ClientAuthConfig, absolute: (value: string) => string): ClientAuthConfig {
  return { ca: absolute(ca), ...crl === undefined ? {} : { crl: absolute(crl) }, mode }
}
