/**
 * The certificates of all listeners. With several threads the control thread reads them and tells the others, so that all present the same
 * and resume each other's sessions.
 */

import { acmeSourceOf } from '../acme/acme-listeners.ts'
import { isExpiring } from '../config/certificates/life.ts'
import type { NamedListener } from '../config/listeners.ts'
import type { ListenerTlsConfig } from '../config/schema/listener-tls-schema.ts'
import type { Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { EventFact } from '../contract/events.ts'
import type { ReleasableHolder } from '../contract/holder.ts'
import type { Threads } from '../contract/threads.ts'
import type { Listener } from '../listeners/listener.ts'
import { LearnedTls } from '../listeners/tls/learned-tls.ts'
import type { TlsMaterial } from '../listeners/tls/listener-book.ts'
import { ListenerTls } from '../listeners/tls/listener-tls.ts'

/** How long the pending responses of clients whose certificate may be trusted no longer may take, in milliseconds. */
const grace = 30_000

/** On which the control thread asks the others to close the connections of a listener whose clients have sent a certificate. */
const closeChannel = 'close-certified'

/** What they need of their gateway. */
export interface ListenerCertificatesOptions {
  readonly clock: Clock
  readonly emit: (fact: EventFact, cause?: unknown) => void
  readonly threads: Threads
  /** Holds what tells the other threads. Its tasks run. */
  readonly holder: Pick<ReleasableHolder, 'hold'>
}

/** The certificates of one listener. */
interface Kept {
  readonly name: string
  readonly tls: ListenerTls | LearnedTls
  readonly holder: ReleasableHolder
}

export class ListenerCertificates {
  readonly #options: ListenerCertificatesOptions
  readonly #all = new Map<Listener, Kept>()

  constructor (options: ListenerCertificatesOptions) {
    this.#options = options
    options.threads.toControl?.answer(closeChannel, (name: string) => this.#closeCertified(name))
  }

  /** Gives a listener its certificates. They are kept up to date until {@link forget}. */
  secure (listener: Listener, { name, config }: NamedListener): void {
    const { tls } = config
    const acme = acmeSourceOf(config)
    const settings = { folder: '/', sources: acme === undefined ? [] : [acme] }
    const known = this.#all.get(listener)
    if (tls === undefined) {
      listener.secure(undefined)
      this.forget(listener)
    } else if (known === undefined) {
      const holder = this.#options.holder.hold()
      const kept = this.#options.threads.role === 'data'
        ? this.#learn(listener, { name, tls, holder })
        : this.#keep(listener, { name, settings: { ...settings, tls }, holder })
      this.#all.set(listener, { name, tls: kept, holder })
    } else {
      known.tls.apply({ ...settings, tls })
    }
  }

  /** Keeps the certificates of a listener no longer up to date. */
  forget (listener: Listener): void {
    const known = this.#all.get(listener)
    this.#all.delete(listener)
    known?.tls.close()
    void known?.holder.release()
  }

  /** Those that are served. */
  get served (): GatewayControl['certificates'] {
    const now = this.#options.clock.wall()
    return [...this.#all.values()].flatMap(({ name, tls }) => tls.entries.map(({ pair }) => ({
      listener: name,
      hosts: pair.hosts,
      from: pair.from,
      to: pair.to,
      expiring: isExpiring(pair, now)
    })))
  }

  /** Reads the certificates here. */
  #keep (listener: Listener, { name, settings, holder }: {
    readonly name: string, readonly settings: ConstructorParameters<typeof ListenerTls>[0], readonly holder: ReleasableHolder
  }): ListenerTls {
    const { clock, emit, threads: { toThreads } } = this.#options
    let publish: (material: TlsMaterial) => void = () => {}
    const tls = new ListenerTls(settings, {
      listener: name,
      now: () => clock.wall(),
      emit,
      secure: rules => listener.secure(rules),
      changed: material => publish(material),
      closeCertified: toThreads === undefined
        ? () => listener.connections.retireCertified(grace)
        : async () => sumOf(await toThreads.askAll(closeChannel, name))
    })
    if (toThreads === undefined) return tls
    const start = (tell: (material: TlsMaterial) => void): () => void => {
      publish = tell
      publish(tls.material)
      return () => {}
    }
    holder.task<TlsMaterial>({ ...identityOf(name), start, learn () {} })
    return tls
  }

  /** Learns the certificates from the control thread. */
  #learn (listener: Listener, { name, tls, holder }: {
    readonly name: string, readonly tls: ListenerTlsConfig, readonly holder: ReleasableHolder
  }): LearnedTls {
    const learned = new LearnedTls(tls, { listener: name, emit: this.#options.emit, secure: rules => listener.secure(rules) })
    holder.task<TlsMaterial>({ ...identityOf(name), start: () => () => {}, learn: material => learned.learn(material) })
    return learned
  }

  #closeCertified (name: string): number {
    const concerned = [...this.#all].filter(([, kept]) => kept.name === name)
    return concerned.reduce((sum, [{ connections }]) => sum + connections.retireCertified(grace), 0)
  }
}

const identityOf = (name: string): { readonly kind: string, readonly key: string } => ({ kind: 'listener-certificates', key: name })

function sumOf (answers: ReadonlyMap<number, unknown>): number {
  return [...answers.values()].reduce<number>((sum, closed) => sum + (closed as number), 0)
}
