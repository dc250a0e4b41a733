/** The certificates of a listener by the names that clients ask for. */

import type { SecureContext, SecureContextOptions } from 'node:tls'

/** What is asked of the clients of a host: no certificate, one that is optional, or one that is required. */
export type ClientAuthMode = 'none' | 'optional' | 'required'

/** What a listener presents to the clients of some hosts, and what it asks of them. */
export interface ServerCertificate {
  /** The host names, in lower case; `*.` stands for one label. */
  readonly hosts: readonly string[]
  readonly options: SecureContextOptions
  /** Made of the options. */
  readonly context: SecureContext
  readonly clientAuth: ClientAuthMode
  /** The same text for what is asked of clients in the same way: mode, authorities and revocation list. */
  readonly clientRules: string
}

/** An immutable set of certificates. */
export class CertificateBook {
  /** For clients that send no name, or one that no certificate has; undefined in an empty book. */
  readonly first: ServerCertificate | undefined
  readonly all: readonly ServerCertificate[]
  /** Whether hosts differ in what they ask of their clients. */
  readonly mixed: boolean
  readonly #exact = new Map<string, ServerCertificate>()
  /** By what follows the `*`. */
  readonly #wildcard = new Map<string, ServerCertificate>()

  /** The first one is the default. Where two have the same name, the earlier one is used. */
  constructor (all: readonly ServerCertificate[]) {
    this.all = all
    this.first = all[0]
    this.mixed = all.some(({ clientRules }) => clientRules !== this.first?.clientRules)
    for (const certificate of all) {
      for (const host of certificate.hosts) {
        const [names, name] = host.startsWith('*.') ? [this.#wildcard, host.slice(1)] : [this.#exact, host]
        if (!names.has(name)) names.set(name, certificate)
      }
    }
  }

  /** Whether any host asks its clients for a certificate. */
  get asks (): boolean {
    return this.all.some(({ clientAuth }) => clientAuth !== 'none')
  }

  /** The certificate for a name: one with the very name, else one for `*.` and its parent, else the default. */
  find (serverName: string | undefined): ServerCertificate | undefined {
    if (serverName === undefined) return this.first
    const name = serverName.toLowerCase()
    return this.#exact.get(name) ?? this.#wildcard.get(name.slice(name.indexOf('.'))) ?? this.first
  }

  /**
   * Whether a connection that was opened with a certificate, perhaps of an earlier book, may carry requests for a host: only where the
   * host asks its clients for the same.
   */
  admits (opened: ServerCertificate | undefined, host: string): boolean {
    return (this.mixed ? this.find(host) : this.first)?.clientRules === opened?.clientRules
  }
}
