/** The certificates of a listener in a thread that learns them from another one. Until then no handshake succeeds. */

import { randomBytes } from 'node:crypto'
import type { ListenerTlsConfig } from '../../config/schema/listener-tls-schema.ts'
import type { EventFact } from '../../contract/events.ts'
import type { BookEntry } from './build-book.ts'
import type { HandshakeRules } from './handshakes.ts'
import { ListenerBook, type TlsMaterial } from './listener-book.ts'

/** The listener, and what surrounds it. */
export interface LearnedTlsOptions {
  /** The name of the listener. */
  readonly listener: string
  readonly emit: (fact: EventFact, cause?: unknown) => void
  /** Sets the rules of the listener for handshakes that begin from now on. */
  readonly secure: (rules: HandshakeRules) => void
}

export class LearnedTls {
  readonly #options: LearnedTlsOptions
  readonly #book: ListenerBook
  #material: TlsMaterial = { entries: [], ticketKeys: randomBytes(48) }

  constructor (tls: ListenerTlsConfig, options: LearnedTlsOptions) {
    this.#options = options
    this.#book = new ListenerBook(tls, options.secure)
    this.#use(this.#material)
  }

  /** The certificates that are served. */
  get entries (): readonly BookEntry[] {
    return this.#material.entries
  }

  /** Takes over what another thread has read. */
  learn (material: TlsMaterial): void {
    this.#use(material)
  }

  /** Applies another configuration to the certificates that are known. */
  apply ({ tls }: { readonly tls: ListenerTlsConfig }): void {
    this.#book.apply(tls)
    this.#use(this.#material)
  }

  close (): void {}

  #use (material: TlsMaterial): void {
    const { listener, emit } = this.#options
    try {
      this.#book.use(material)
      this.#material = material
    } catch (error) {
      emit({ type: 'certificates-refused', listener, problems: ['OpenSSL refuses a certificate'] }, error)
    }
  }
}
