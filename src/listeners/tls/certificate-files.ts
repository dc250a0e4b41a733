/** The certificates in the files of a listener. One that cannot be read keeps its last version. */

import type { ClientAuthorities } from '../../config/certificates/client-authorities.ts'
import { readCertificates, type ReadCertificates } from '../../config/certificates/read-certificates.ts'
import type { ListenerTlsConfig } from '../../config/schema/listener-tls-schema.ts'
import type { SeenFiles } from '../../config/read/text-file.ts'
import type { BookEntry } from './build-book.ts'

/** Which files, and the folder that their paths are relative to. */
export interface FileSettings {
  readonly tls: ListenerTlsConfig
  readonly folder: string
}

export class CertificateFiles {
  readonly #settings: FileSettings
  /** By source. */
  #known: ReadonlyMap<string, BookEntry>
  #last: ReadCertificates | undefined
  /** Whether all authorities have been read once. Without them no certificate may be served, wherever it comes from. */
  knowsAuthorities = false

  constructor (settings: FileSettings, known: ReadonlyMap<string, BookEntry> = new Map()) {
    this.#settings = settings
    this.#known = known
  }

  /** The same for another configuration, where files that are still in use keep their last version. */
  for (settings: FileSettings): CertificateFiles {
    return JSON.stringify(settings.tls) === JSON.stringify(this.#settings.tls) ? this : new CertificateFiles(settings, this.#known)
  }

  /** In the order of the configuration. */
  get entries (): readonly BookEntry[] {
    return [...this.#known.values()]
  }

  /** Those of the listener. */
  get clientAuth (): ClientAuthorities | undefined {
    return this.#last?.clientAuth
  }

  /** The files and folders that were read. */
  get seen (): SeenFiles {
    return this.#last?.files ?? new Map()
  }

  /** Reads all files. Returns what is wrong with them; `entries` has what can be used. */
  read (now: number): string[] {
    const problems: string[] = []
    const { tls, folder } = this.#settings
    const read = readCertificates(tls, {
      folder,
      now,
      pointer: '',
      named: true,
      report: ({ message, severity }) => { if (severity !== 'warning') problems.push(message) }
    })
    // Without all authorities it is not known who may come in, so nothing changes; at the first reading no client is admitted.
    if (!read.authoritiesRead) {
      if (this.#last === undefined) this.#known = new Map()
      this.knowsAuthorities = this.#last !== undefined && this.knowsAuthorities
      this.#last = { ...this.#last ?? read, files: read.files }
      return problems
    }
    this.#last = read
    this.knowsAuthorities = true
    this.#known = new Map(read.certificates.flatMap(({ source, pair, clientAuth }) => {
      const last = this.#known.get(source)
      if (pair !== undefined) return [[source, { source, pair, clientAuth }] as const]
      return last === undefined ? [] : [[source, { source, pair: last.pair, clientAuth }] as const]
    }))
    return problems
  }
}
