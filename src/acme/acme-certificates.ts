/** All certificates that one directory issues for a gateway: the account, challenges, the folder, and a renewer for each of them. */

import type { CertificateSource, SourcedCertificate } from '../contract/certificate-source.ts'
import type { ManagedCertificate } from '../contract/managed-certificate.ts'
import type { Stop } from '../contract/task.ts'
import type { NameLookup } from '../dns/names.ts'
import { watchFiles } from '../config/watch/watch-files.ts'
import { ServiceClient } from '../service/service-client.ts'
import { openAccount } from './account.ts'
import { AcmeSession } from './acme-session.ts'
import { CertificateStore } from './certificate-store.ts'
import type { ChallengeType } from './challenge.ts'
import { Challenges, type OpenChallenges } from './challenges.ts'
import type { ExternalAccount } from './jws.ts'
import { orderCertificate } from './order.ts'
import { certificateId, renewalInfo } from './renewal-info.ts'
import { Renewer, type CertificateRequest, type RenewalReport } from './renewer.ts'
import { lifetimeOf } from './renewal-time.ts'
import { Turns } from './turns.ts'

/** What certificates are requested with. */
export interface AcmeOptions {
  /** URL of the directory. */
  readonly directory: string
  /** Certificates (PEM) that the directory is trusted by, instead of the public ones. */
  readonly directoryCa: string | undefined
  readonly email: string | undefined
  readonly externalAccount: ExternalAccount | undefined
  readonly profile: string | undefined
  /** Absolute. */
  readonly folder: string
  /** The hosts of each certificate. */
  readonly certificates: readonly (readonly string[])[]
  /** What hosts are proved with; after a failure the next one is tried. */
  readonly challenges: readonly ChallengeType[]
}

/** What it needs beside its options. */
export interface AcmeSurroundings {
  readonly names: NameLookup
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Most orders and questions at once: a directory has limits for them. */
const mostAtOnce = 4
/** Of one request to the directory, in milliseconds, and of its response, in bytes. */
const http = { timeout: 30_000, limit: 256 * 1024 }

export class AcmeCertificates implements CertificateSource {
  readonly challenges: Challenges
  readonly renewers: readonly Renewer[]
  readonly #options: AcmeOptions
  readonly #surroundings: AcmeSurroundings
  readonly #store: CertificateStore
  readonly #listeners = new Set<() => void>()
  readonly #turns = new Turns(mostAtOnce)
  readonly #loaded = Promise.withResolvers<void>()
  readonly #serving = Promise.withResolvers<void>()
  #client: ServiceClient | undefined
  #report: (report: RenewalReport) => void = () => {}
  /** Whether another thread requests them. */
  #elsewhere = true

  constructor (options: AcmeOptions, surroundings: AcmeSurroundings) {
    this.#options = options
    this.#surroundings = surroundings
    const store = this.#store = new CertificateStore(options.folder, options.directory)
    const { now, random, sleep } = surroundings
    this.challenges = new Challenges({ folder: store.folder, hosts: new Set(options.certificates.flat()), now })
    this.renewers = options.certificates.map(hosts => new Renewer({
      hosts,
      store,
      order: async request => await this.#turns.take(async () => await this.#order(hosts, request)),
      suggestion: async (certificate, signal) =>
        await this.#turns.take(async () => await renewalInfo(await this.#session(signal), certificate)),
      now,
      random,
      sleep,
      report: report => this.#tell(report)
    }))
  }

  /** Resolves when the certificates of the folder are read, in whatever thread that is done. */
  get loaded (): Promise<void> {
    return this.#loaded.promise
  }

  certificates (): readonly SourcedCertificate[] {
    return this.renewers.flatMap(({ certificate }) => certificate === undefined ? [] : [{ cert: certificate.chain, key: certificate.key }])
  }

  /** What operators see of them. */
  get managed (): readonly ManagedCertificate[] {
    return this.renewers.map(({ hosts, certificate, nextRequest, failures: { count, last } }) => ({
      hosts,
      directory: this.#options.directory,
      validUntil: certificate && lifetimeOf(certificate.leaf).to,
      nextRequest,
      failures: count,
      lastFailure: last?.message
    }))
  }

  onChange (listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** The listeners are open and respond to challenges: requests begin. */
  serve (): void {
    this.#serving.resolve()
  }

  /** Takes over the challenges of the thread that requests the certificates. Nothing else is needed of them here. */
  learn (challenges: OpenChallenges): void {
    if (!this.#elsewhere) return
    this.challenges.learn(challenges)
    this.#loaded.resolve()
  }

  /**
   * Reads the folder, and keeps all certificates once they are served. Returns what stops that.
   * @param share called with the challenges under way, once the folder is read and after each change
   */
  start (report: (report: RenewalReport) => void, share: (challenges: OpenChallenges) => void = () => {}): Stop {
    this.#elsewhere = false
    this.challenges.changed = share
    const controller = new AbortController()
    const { signal } = controller
    this.#report = report
    this.#client = new ServiceClient({ ...http, names: this.#surroundings.names, ca: this.#options.directoryCa })
    const files = this.renewers.map(({ hosts }) => this.#store.fileOf(hosts))
    const watch = watchFiles(files, () => { for (const renewer of this.renewers) void renewer.lookAgain() })
    const running = this.#run(signal)
    return async () => {
      controller.abort()
      this.serve()
      watch.close()
      await this.#client?.close()
      await running
    }
  }

  async #run (signal: AbortSignal): Promise<void> {
    const found = await Promise.all(this.renewers.map(async renewer => await renewer.look()))
    if (found.includes(true)) this.#changed()
    this.#loaded.resolve()
    this.challenges.changed(this.challenges.open)
    await this.challenges.sweep()
    await this.#serving.promise
    await Promise.all(this.renewers.map(async renewer => await renewer.run(signal)))
  }

  async #order (hosts: readonly string[], { key, replaces, failures, signal }: CertificateRequest): Promise<string> {
    const { challenges, profile, email, externalAccount } = this.#options
    const session = await this.#session(signal)
    await openAccount(session, { email, externalAccount })
    return await orderCertificate(session, {
      hosts,
      key,
      replaces: replaces && certificateId(replaces),
      profile,
      type: challenges[failures % challenges.length]!,
      responder: this.challenges
    })
  }

  async #session (signal: AbortSignal): Promise<AcmeSession> {
    const { directory, email } = this.#options
    const { now, sleep } = this.#surroundings
    const key = await this.#store.accountKey(email)
    return new AcmeSession({ directory, key, http: this.#client!, signal, now, sleep })
  }

  #tell (report: RenewalReport): void {
    if (report.kind !== 'failed') this.#changed()
    this.#report(report)
  }

  #changed (): void {
    for (const listener of this.#listeners) listener()
  }
}
