/** Keeps the certificate for some hosts: requests it, renews it in time, and takes over what another gateway puts into the folder. */

import { X509Certificate, type KeyObject } from 'node:crypto'
import { AcmeError } from './acme-error.ts'
import { newKey, type Attempts, type CertificateStore, type StoredCertificate } from './certificate-store.ts'
import { RenewalSchedule, type RenewalScheduleOptions } from './renewal-schedule.ts'
import { firstAttempt, lifetimeOf, pauseAfter } from './renewal-time.ts'

/** What a renewer tells. Times in milliseconds since 1970. */
export type RenewalReport =
  | { readonly kind: 'issued' | 'renewed' | 'taken-over', readonly hosts: readonly string[], readonly until: number }
  | { readonly kind: 'failed', readonly hosts: readonly string[], readonly error: AcmeError, readonly next: number }

/** How a certificate is requested. */
export interface CertificateRequest {
  readonly key: KeyObject
  /** The certificate that the new one follows. */
  readonly replaces: X509Certificate | undefined
  /** The number of failures before. */
  readonly failures: number
  readonly signal: AbortSignal
}

/** What a renewer works with. */
export interface RenewerOptions extends RenewalScheduleOptions {
  readonly hosts: readonly string[]
  readonly store: CertificateStore
  /** Gets a certificate with the certificates of its authority, PEM. */
  readonly order: (request: CertificateRequest) => Promise<string>
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly report: (report: RenewalReport) => void
}

/** How long to wait for another gateway that has the lock, in milliseconds. */
const lockPause = 5000
/** The longest sleep. The clock may be set meanwhile, and the machine may have been suspended. */
const longestSleep = 3_600_000

export class Renewer {
  readonly hosts: readonly string[]
  readonly #options: RenewerOptions
  readonly #schedule: RenewalSchedule
  #certificate: StoredCertificate | undefined
  /** One that could not be written into the folder yet. */
  #unsaved: StoredCertificate | undefined
  #attempts: Attempts | undefined
  #tried = false
  #next = 0
  #nextRequest = 0
  #failure: AcmeError | undefined
  #wake = (): void => {}

  constructor (options: RenewerOptions) {
    this.#options = options
    this.#schedule = new RenewalSchedule(options)
    this.hosts = options.hosts
  }

  /** The certificate in use. */
  get certificate (): StoredCertificate | undefined {
    return this.#certificate
  }

  /** When it looks again, in milliseconds since 1970; 0 before the first look. */
  get next (): number {
    return this.#next
  }

  /** When it requests the next certificate, as far as is known, in milliseconds since 1970; 0 before the first look. */
  get nextRequest (): number {
    return this.#nextRequest
  }

  /** The failures in a row, and the last one. */
  get failures (): { readonly count: number, readonly last: AcmeError | undefined } {
    return { count: this.#attempts?.failures ?? 0, last: this.#failure }
  }

  /** Takes the certificate of the folder if it was issued later than the one in use. Never throws. */
  async look (): Promise<boolean> {
    const { store } = this.#options
    const found = await store.read(this.hosts).catch(() => undefined)
    if (found === undefined || !this.#isNewer(found)) return false
    this.#use(found)
    this.#wake()
    return true
  }

  /** Reports a certificate that another gateway has put into the folder. */
  async lookAgain (): Promise<void> {
    if (await this.look()) this.#tell('taken-over')
  }

  /** Works until the signal. Never throws. */
  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#next = await this.#step(signal)
      } catch (error) {
        if (signal.aborted) return
        this.#next = await this.#failed(error)
      }
      await this.#pause(this.#next - this.#options.now(), signal)
    }
  }

  /** Does what is due, and returns when to come again. */
  async #step (signal: AbortSignal): Promise<number> {
    const { store, now, random } = this.#options
    await this.#save()
    await this.lookAgain()
    const due = this.#nextRequest = this.#certificate === undefined ? 0 : await this.#schedule.dueAt(this.#certificate.leaf, signal)
    if (due > now()) return Math.min(due, this.#schedule.askAt)
    // Other gateways write there too.
    this.#attempts = await store.attempts(this.hosts) ?? (this.#tried ? this.#attempts : undefined)
    const earliest = this.#tried ? this.#attempts?.next ?? 0 : firstAttempt(this.#attempts)
    if (earliest > now()) return this.#nextRequest = earliest
    const unlock = await store.lock(this.hosts, now)
    if (unlock === undefined) return now() + lockPause * (1 + random())
    try {
      // The one that had the lock before may have renewed it.
      if (!await this.look()) await this.#request(signal)
      else this.#tell('taken-over')
    } finally {
      await unlock()
    }
    return now()
  }

  async #request (signal: AbortSignal): Promise<void> {
    this.#tried = true
    const { key, text } = newKey()
    const before = this.#certificate?.leaf
    const failures = this.#attempts?.failures ?? 0
    const chain = await this.#options.order({ key, replaces: before, failures, signal })
    // In use also where it cannot be written: the folder may be full by now.
    this.#use(this.#unsaved = { chain, key: text, leaf: new X509Certificate(chain) })
    try {
      await this.#save()
    } finally {
      this.#tell(before === undefined ? 'issued' : 'renewed')
    }
  }

  async #save (): Promise<void> {
    if (this.#unsaved === undefined) return
    const { store } = this.#options
    await store.write(this.hosts, this.#unsaved)
    this.#unsaved = undefined
    await store.forgetAttempts(this.hosts)
  }

  async #failed (thrown: unknown): Promise<number> {
    const { store, now, random, report } = this.#options
    const error = thrown instanceof AcmeError ? thrown : localError(thrown as NodeJS.ErrnoException, store.folder)
    const failures = (this.#attempts?.failures ?? 0) + 1
    const at = now()
    const next = this.#nextRequest = at + pauseAfter(failures, error, random)
    this.#attempts = { failures, at, next, asked: error.retryAfter !== undefined }
    this.#failure = error
    this.#tried = true
    await store.keepAttempts(this.hosts, this.#attempts).catch(() => {})
    report({ kind: 'failed', hosts: this.hosts, error, next })
    return next
  }

  #isNewer ({ leaf }: StoredCertificate): boolean {
    return this.#certificate === undefined || lifetimeOf(leaf).from > lifetimeOf(this.#certificate.leaf).from
  }

  #use (certificate: StoredCertificate): void {
    this.#certificate = certificate
    this.#attempts = this.#failure = undefined
  }

  #tell (kind: 'issued' | 'renewed' | 'taken-over'): void {
    this.#options.report({ kind, hosts: this.hosts, until: lifetimeOf(this.#certificate!.leaf).to })
  }

  /** Sleeps, until the signal or a new certificate. */
  async #pause (ms: number, signal: AbortSignal): Promise<void> {
    if (ms <= 0 || signal.aborted) return
    const controller = new AbortController()
    const wake = this.#wake = () => controller.abort()
    signal.addEventListener('abort', wake)
    await this.#options.sleep(Math.min(ms, longestSleep), controller.signal).catch(() => {})
    signal.removeEventListener('abort', wake)
  }
}

/** An error of this machine. The directory has counted nothing. */
function localError (error: NodeJS.ErrnoException, folder: string): AcmeError {
  const what = error.syscall === undefined ? 'the certificate cannot be requested' : `the folder ${folder} cannot be used`
  return new AcmeError(`${what}: ${error.message}`, { cause: error, unreachable: true })
}
