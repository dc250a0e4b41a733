/** Reads what `listeners[].tls` names: certificates, keys, authorities of clients and their revocation lists. */

import type { Report } from '../../contract/plugin.ts'
import { child } from '../pointer.ts'
import type { Print, SeenFiles } from '../read/text-file.ts'
import type { CertificateConfig, ListenerTlsConfig } from '../schema/listener-tls-schema.ts'
import { readAuthorities, type ClientAuthorities } from './client-authorities.ts'
import { isExposed } from './exposed-key.ts'
import { pairsOf } from './folder.ts'
import { lifeProblem } from './life.ts'
import { readPair, type CertificatePair } from './pair.ts'
import { isPem, readPem, type PemText } from './pem.ts'

/** What is in one place of the configuration or in one file. */
export interface ReadCertificate {
  /** The file of the certificate, or its place in the configuration. The same at every reading. */
  readonly source: string
  /** Undefined where a problem was reported. */
  readonly pair: CertificatePair | undefined
  readonly clientAuth: ClientAuthorities | undefined
}

export interface ReadCertificates {
  /** In their order in the file, those of a folder by name. */
  readonly certificates: readonly ReadCertificate[]
  /** Whether all of `clientAuth` could be read. */
  readonly authoritiesRead: boolean
  /** That of the listener. */
  readonly clientAuth: ClientAuthorities | undefined
  /** The files and folders that were read. */
  readonly files: SeenFiles
}

export interface ReadOptions {
  /** The folder of the configuration. */
  readonly folder: string
  /** The place of `tls`. */
  readonly pointer: string
  readonly report: Report
  /** Whether all messages name the file, as where no place is shown. */
  readonly named?: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Reads all of it, and reports every problem with its place. */
export function readCertificates (tls: ListenerTlsConfig, options: ReadOptions): ReadCertificates {
  return new Reading(options).read(tls)
}

class Reading {
  readonly #options: ReadOptions
  readonly #files = new Map<string, Print>()
  readonly #certificates: ReadCertificate[] = []
  #authoritiesRead = true

  constructor (options: ReadOptions) {
    this.#options = options
  }

  read ({ certificates, clientAuth }: ListenerTlsConfig): ReadCertificates {
    const { pointer } = this.#options
    const ofAll = this.#authorities(clientAuth, child(pointer, 'clientAuth'))
    for (const [index, entry] of certificates.entries()) {
      const place = child(child(pointer, 'certificates'), index)
      const own = entry.clientAuth === undefined ? ofAll : this.#authorities(entry.clientAuth, child(place, 'clientAuth'))
      this.#entry(entry, place, own)
    }
    return { certificates: this.#certificates, authoritiesRead: this.#authoritiesRead, clientAuth: ofAll, files: this.#files }
  }

  #authorities (config: ListenerTlsConfig['clientAuth'], pointer: string): ClientAuthorities | undefined {
    if (config === undefined) return undefined
    const { folder, now, report } = this.#options
    const read = readAuthorities(config, { folder, now, report, files: this.#files, pointer })
    if (read === undefined) this.#authoritiesRead = false
    return read
  }

  #entry ({ cert, key, folder }: CertificateConfig, place: string, clientAuth: ClientAuthorities | undefined): void {
    if (folder !== undefined) this.#folder(folder, child(place, 'folder'), clientAuth)
    else if (cert !== undefined && key !== undefined) {
      const read = (value: string): PemText => readPem(value, this.#options.folder, this.#files)
      this.#pair([read(cert), read(key)], { cert: child(place, 'cert'), key: child(place, 'key') }, isPem(cert) ? place : '', clientAuth)
    }
  }

  #folder (folder: string, place: string, clientAuth: ClientAuthorities | undefined): void {
    const { report } = this.#options
    const { pairs, alone, failure } = pairsOf(folder, this.#options.folder, this.#files)
    if (failure !== undefined) report({ pointer: place, message: failure })
    else if (pairs.length === 0) {
      report({ pointer: place, message: 'the folder has no certificate with a key', hint: 'NAME.pem or NAME.crt, and NAME.key' })
    }
    for (const name of alone) {
      report({ pointer: place, message: `${name} has no key`, hint: `${name.slice(0, -4)}.key`, severity: 'warning' })
    }
    for (const { cert, key } of pairs) {
      const read = (file: string): PemText => readPem(file, folder, this.#files)
      this.#pair([read(cert), read(key)], { cert: place, key: place }, '', clientAuth)
    }
  }

  #pair (
    [cert, key]: readonly [PemText, PemText],
    places: Readonly<Record<'cert' | 'key', string>>,
    name: string,
    clientAuth: ClientAuthorities | undefined
  ): void {
    const { report, now, named = false } = this.#options
    const { pair, problems } = readPair(cert, key)
    const source = cert.file ?? name
    this.#certificates.push({ source, pair, clientAuth })
    // In a folder the place does not say which file it is.
    const prefix = named || places.cert === places.key ? `${source}: ` : ''
    const about = (message: string): string => message.startsWith('/') ? message : `${prefix}${message}`
    for (const { of, message, ...rest } of problems) report({ pointer: places[of], message: about(message), ...rest })
    if (pair === undefined) return
    const life = lifeProblem(pair, now)
    if (life !== undefined) report({ pointer: places.cert, message: about(`the certificate ${life}`), severity: 'warning' })
    if (key.file !== undefined && isExposed(key.file)) {
      const message = about('every user of this machine can read the key')
      report({ pointer: places.key, message, hint: `chmod 600 ${key.file}`, severity: 'warning' })
    }
  }
}
