/** What a listener presents in handshakes, made from material that is the same in all threads. */

import { handshakeOptions } from '../../config/certificates/handshake-options.ts'
import type { ListenerTlsConfig } from '../../config/schema/listener-tls-schema.ts'
import { buildBook, type BookEntry, type ReadyCertificates } from './build-book.ts'
import type { HandshakeRules } from './handshakes.ts'

/** Certificates and ticket keys, as plain data. Secret. */
export interface TlsMaterial {
  readonly entries: readonly BookEntry[]
  /** 48 bytes. A session that one thread has sealed is resumed by another. */
  readonly ticketKeys: Uint8Array
}

export class ListenerBook {
  readonly #secure: (rules: HandshakeRules) => void
  #tls: ListenerTlsConfig
  /** Made with the last ticket keys and settings. */
  #ready: ReadyCertificates = new Map()
  #ticketKeys: Uint8Array | undefined

  /** @param secure sets the rules of the listener for handshakes that begin from now on */
  constructor (tls: ListenerTlsConfig, secure: (rules: HandshakeRules) => void) {
    this.#tls = tls
    this.#secure = secure
  }

  /** Sets what the configuration says, for the next call of {@link use}. */
  apply (tls: ListenerTlsConfig): void {
    this.#tls = tls
    this.#ready = new Map()
  }

  /**
   * Presents this from the next handshake on.
   * @throws when OpenSSL refuses a certificate; then nothing has changed
   */
  use ({ entries, ticketKeys }: TlsMaterial): void {
    if (this.#ticketKeys === undefined || Buffer.compare(this.#ticketKeys, ticketKeys) !== 0) this.#ready = new Map()
    this.#ticketKeys = ticketKeys
    const handshake = handshakeOptions(this.#tls)
    const options = { handshake, ticketKeys: Buffer.from(ticketKeys), sessionIdContext: 'onedoor' }
    const { handshakeTimeout: timeout, maxHandshakes: most } = this.#tls
    this.#secure({ book: buildBook(entries, options, this.#ready), handshake, timeout, most })
  }
}
