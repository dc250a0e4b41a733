/** The certificates of all listeners, and what has become of their handshakes. */

import { acmeSourceOf } from '../acme/acme-listeners.ts'
import type { NamedListener } from '../config/listeners.ts'
import type { Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { EventFact } from '../contract/events.ts'
import type { Listener } from '../listeners/listener.ts'
import { ListenerTls } from '../listeners/tls/listener-tls.ts'
import { isExpiring } from '../config/certificates/life.ts'

/** How long the pending responses of clients whose certificate may be trusted no longer may take, in milliseconds. */
const grace = 30_000

export class ListenerCertificates {
  readonly #clock: Clock
  readonly #emit: (fact: EventFact, cause?: unknown) => void
  readonly #all = new Map<Listener, { readonly name: string, readonly tls: ListenerTls }>()

  constructor (clock: Clock, emit: (fact: EventFact, cause?: unknown) => void) {
    this.#clock = clock
    this.#emit = emit
  }

  /** Reads the certificates of a listener, and gives them to it. They are kept up to date until {@link forget}. */
  secure (listener: Listener, { name, config }: NamedListener): void {
    const { tls } = config
    const acme = acmeSourceOf(config)
    const sources = acme === undefined ? [] : [acme]
    const known = this.#all.get(listener)
    if (tls === undefined) {
      listener.secure(undefined)
      this.forget(listener)
    } else if (known === undefined) {
      this.#all.set(listener, {
        name,
        tls: new ListenerTls({ tls, folder: '/', sources }, {
          listener: name,
          now: () => this.#clock.wall(),
          emit: this.#emit,
          secure: rules => listener.secure(rules),
          closeCertified: () => listener.connections.retireCertified(grace)
        })
      })
    } else {
      known.tls.apply({ tls, folder: '/', sources })
    }
  }

  /** Keeps the certificates of a listener no longer up to date. */
  forget (listener: Listener): void {
    this.#all.get(listener)?.tls.close()
    this.#all.delete(listener)
  }

  /** Those that are served. */
  get served (): GatewayControl['certificates'] {
    const now = this.#clock.wall()
    return [...this.#all.values()].flatMap(({ name, tls }) => tls.entries.map(({ pair }) => ({
      listener: name,
      hosts: pair.hosts,
      from: pair.from,
      to: pair.to,
      expiring: isExpiring(pair, now)
    })))
  }
}
