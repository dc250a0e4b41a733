/** The settings of TLS to a target in the form of Node. */

import { createSecureContext, type ConnectionOptions as TlsOptions } from 'node:tls'
import type { UpstreamConfig } from '../config/types.ts'
import { pinnedTo } from './pinned-names.ts'

/** Whom a connection trusts, and what it shows. @throws for certificates that cannot be read */
export function tlsOptions ({ ca, cert, key, verify, subjectAltNames }: UpstreamConfig['tls']): TlsOptions {
  return {
    rejectUnauthorized: verify,
    ...(subjectAltNames === undefined ? {} : { checkServerIdentity: pinnedTo(subjectAltNames) }),
    secureContext: createSecureContext({
      ...(ca === undefined ? {} : { ca: ca.trim() }),
      ...(cert === undefined ? {} : { cert: cert.trim() }),
      ...(key === undefined ? {} : { key: key.trim() })
    })
  }
}
