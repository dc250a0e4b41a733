/** The certificates that the listeners of a configuration request, and the responses to the challenges for them. */

import type { SecureContext } from 'node:tls'
import type { AcmeListenerConfig } from '../config/acme-hosts.ts'
import type { CertificateSource } from '../contract/certificate-source.ts'
import type { ManagedCertificate } from '../contract/managed-certificate.ts'
import type { AcmeCertificates } from './acme-certificates.ts'
import { takeAcme, type AcmeContext } from './take-acme.ts'

/** The certificates of each listener, by its configuration: listeners are opened before their generation serves. */
const sources = new WeakMap<AcmeListenerConfig, CertificateSource>()

/** Where a listener gets certificates from beside its files; undefined where it requests none. */
export function acmeSourceOf (listener: AcmeListenerConfig): CertificateSource | undefined {
  return sources.get(listener)
}

export class AcmeListeners {
  /** Listeners with the same keys share one. */
  readonly #all: readonly AcmeCertificates[]

  /** Takes the certificates. They are requested and renewed while the generation of the context holds them. */
  constructor (listeners: readonly AcmeListenerConfig[], context: Omit<AcmeContext, 'plainListener'>) {
    const plainListener = listeners.some(({ tls }) => tls === undefined)
    const all = new Set<AcmeCertificates>()
    for (const listener of listeners) {
      const acme = listener.tls?.acme
      if (acme === undefined) continue
      const certificates = takeAcme(acme, { ...context, plainListener })
      sources.set(listener, certificates)
      all.add(certificates)
    }
    this.#all = [...all]
  }

  /** The response to an HTTP-01 challenge; undefined for all other request targets. */
  httpResponse (url: string): string | undefined {
    return this.#first(({ challenges }) => challenges.httpResponse(url))
  }

  /** The certificate for a TLS-ALPN-01 handshake; undefined when there is no challenge for the name. */
  secureContext (serverName: string): SecureContext | undefined {
    return this.#first(({ challenges }) => challenges.secureContext(serverName))
  }

  /** All of them, as operators see them. */
  get managed (): readonly ManagedCertificate[] {
    return this.#all.flatMap(({ managed }) => managed)
  }

  #first<T> (ask: (certificates: AcmeCertificates) => T | undefined): T | undefined {
    for (const certificates of this.#all) {
      const found = ask(certificates)
      if (found !== undefined) return found
    }
    return undefined
  }
}
