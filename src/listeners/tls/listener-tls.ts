/** The certificates of a running listener: read again when their files change and swapped in place. It has ticket keys of its own. */

import { randomBytes } from 'node:crypto'
import { isExpiring } from '../../config/certificates/life.ts'
import { readPair, type CertificatePair } from '../../config/certificates/pair.ts'
import type { ListenerTlsConfig } from '../../config/schema/listener-tls-schema.ts'
import { watchFiles, type FileWatch } from '../../config/watch/watch-files.ts'
import type { CertificateSource } from '../../contract/certificate-source.ts'
import type { EventFact } from '../../contract/events.ts'
import type { BookEntry } from './build-book.ts'
import { CertificateFiles } from './certificate-files.ts'
import type { HandshakeRules } from './handshakes.ts'
import { ListenerBook, type TlsMaterial } from './listener-book.ts'

/** What the configuration says, and what comes from elsewhere. */
export interface TlsSettings {
  readonly tls: ListenerTlsConfig
  /** The folder of the configuration. */
  readonly folder: string
  readonly sources: readonly CertificateSource[]
}

/** The listener, and what surrounds it. */
export interface ListenerTlsOptions {
  /** The name of the listener. */
  readonly listener: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly emit: (fact: EventFact, cause?: unknown) => void
  /** Sets the rules of the listener for handshakes that begin from now on. */
  readonly secure: (rules: HandshakeRules) => void
  /** Called with what the listener presents from now on, for the other threads that have it. */
  readonly changed?: (material: TlsMaterial) => void
  /** Other authorities are trusted: closes the connections of clients that have sent a certificate. Returns their number. */
  readonly closeCertified: () => number | Promise<number>
}

/** How often tickets get other keys, in milliseconds. A key that leaks opens no older connections. */
const rotation = 86_400_000
/** How often the times are looked at. */
const lookEvery = 3_600_000
/** How long a pair may not fit while its second file is still being written, in milliseconds. */
const patience = 500

export class ListenerTls {
  readonly #options: ListenerTlsOptions
  readonly #timer: NodeJS.Timeout
  readonly #told = new Map<string, number>()
  #settings: TlsSettings
  #files: CertificateFiles
  #watch: FileWatch | undefined
  #again: NodeJS.Timeout | undefined
  #unsubscribe: (() => void)[] = []
  #entries: readonly BookEntry[] = []
  readonly #book: ListenerBook
  #ticketKeys = randomBytes(48)
  /** Of the sources, by the text of the certificate. */
  #pairs: ReadonlyMap<string, CertificatePair | undefined> = new Map()
  #sealedSince: number

  /** Reads the files, and reports what is wrong with them. */
  constructor (settings: TlsSettings, options: ListenerTlsOptions) {
    this.#options = options
    this.#settings = settings
    this.#book = new ListenerBook(settings.tls, options.secure)
    this.#sealedSince = options.now()
    this.#files = new CertificateFiles(settings)
    this.#timer = setInterval(() => this.look(), lookEvery).unref()
    this.#take(true)
  }

  /** The certificates that are served. */
  get entries (): readonly BookEntry[] {
    return this.#entries
  }

  /** What the listener presents now. */
  get material (): TlsMaterial {
    return { entries: this.#entries, ticketKeys: this.#ticketKeys }
  }

  /** Applies another configuration, and reads all files again. */
  apply (settings: TlsSettings): void {
    this.#settings = settings
    this.#book.apply(settings.tls)
    this.#files = this.#files.for(settings)
    this.#take(true)
  }

  /** Does what is due: other ticket keys, and a word about certificates that are about to expire. */
  look (): void {
    if (this.#options.now() - this.#sealedSince >= rotation) this.#secure(true)
    this.#tellExpiring()
  }

  close (): void {
    clearInterval(this.#timer)
    clearTimeout(this.#again)
    this.#watch?.close()
    for (const end of this.#unsubscribe) end()
  }

  /** Reads, and takes what can be used. A file that cannot be used is read once more before it is reported. */
  #take (atOnce: boolean): void {
    clearTimeout(this.#again)
    const problems = this.#files.read(this.#options.now())
    this.#watchAll()
    if (problems.length > 0 && !atOnce) {
      this.#again = setTimeout(() => this.#take(true), patience).unref()
      return
    }
    if (problems.length > 0) this.#options.emit({ type: 'certificates-refused', listener: this.#options.listener, problems })
    this.#use()
  }

  #use (): void {
    const before = this.#entries
    this.#pairs = new Map(this.#settings.sources.flatMap(source => source.certificates()).map(({ cert, key }) => [
      cert,
      this.#pairs.get(cert) ?? readPair({ text: cert, file: undefined }, { text: key, file: undefined }).pair
    ]))
    const sourced = [...this.#pairs.values()].flatMap(pair =>
      pair === undefined || !this.#files.knowsAuthorities ? [] : [{ source: pair.hosts.join(), pair, clientAuth: this.#files.clientAuth }])
    this.#entries = [...this.#files.entries, ...sourced]
    const [old, now] = [before, this.#entries].map(authoritiesOf)
    const otherAuthorities = before.length > 0 && old !== now
    if (!this.#secure(otherAuthorities)) {
      this.#entries = before
      return
    }
    const { listener, emit } = this.#options
    const known = new Map(before.map(({ source, pair }) => [source, pair.cert]))
    const changed = this.#entries.filter(({ source, pair }) => known.get(source) !== pair.cert).flatMap(({ pair }) => pair.hosts)
    if (before.length > 0 && changed.length > 0) emit({ type: 'certificates-changed', listener, hosts: [...new Set(changed)] })
    if (otherAuthorities) this.#closeCertified()
    this.#tellExpiring()
  }

  #closeCertified (): void {
    const { listener, emit, closeCertified } = this.#options
    const tell = (closed: number): void => emit({ type: 'client-authorities-changed', listener, closed })
    const closed = closeCertified()
    if (typeof closed === 'number') tell(closed)
    else void closed.then(tell)
  }

  /** Makes the rules and sets them. Returns whether OpenSSL has taken them. */
  #secure (otherTicketKeys: boolean): boolean {
    const { listener, now, emit, changed } = this.#options
    if (otherTicketKeys) {
      this.#ticketKeys = randomBytes(48)
      this.#sealedSince = now()
    }
    try {
      this.#book.use(this.material)
      changed?.(this.material)
      return true
    } catch (error) {
      emit({ type: 'certificates-refused', listener, problems: ['OpenSSL refuses a certificate'] }, error)
      return false
    }
  }

  #watchAll (): void {
    const { seen } = this.#files
    if (this.#watch === undefined) this.#watch = watchFiles(seen, () => this.#take(false))
    else this.#watch.update(seen)
    for (const end of this.#unsubscribe) end()
    this.#unsubscribe = this.#settings.sources.map(source => source.onChange(() => this.#use()))
  }

  /** Once a day for each certificate. What is about to expire when it is configured has a warning of the configuration. */
  #tellExpiring (): void {
    const { listener, now, emit } = this.#options
    const time = now()
    const served = new Set(this.#entries.map(({ pair }) => pair.cert))
    for (const cert of this.#told.keys()) if (!served.has(cert)) this.#told.delete(cert)
    for (const { pair } of this.#entries) {
      if (!isExpiring(pair, time) || time - (this.#told.get(pair.cert) ?? 0) < rotation) continue
      this.#told.set(pair.cert, time)
      emit({ type: 'certificate-expiring', listener, hosts: pair.hosts, until: new Date(pair.to).toISOString() })
    }
  }
}

function authoritiesOf (entries: readonly BookEntry[]): string {
  return JSON.stringify([...new Set(entries.map(({ clientAuth }) => JSON.stringify(clientAuth) ?? ''))].sort())
}
