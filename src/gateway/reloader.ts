/** Reloads the configuration of a gateway, one reload at a time, and watches its files. */

import { ConfigError, listProblems } from '../config/check/problem.ts'
import { ConfigRefused } from '../config/check/config-refused.ts'
import { type Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import type { KeptFiles } from '../config/read/kept-files.ts'
import type { SeenFiles } from '../config/read/text-file.ts'
import { watchFiles, type FileWatch } from '../config/watch/watch-files.ts'
import type { ReloadCause } from '../contract/reload-history.ts'
import type { Generation } from './generation.ts'
import type { KeptConfiguration } from './reload-history.ts'

/** The message of whatever ends because the gateway shuts down. */
export const stopping = 'the gateway is shutting down'

/** The result of a reload. Where it is refused, `error` is what refused it, and `problems` are its texts. */
export type ReloadOutcome =
  | { readonly ok: true, readonly problems: readonly [] }
  | { readonly ok: false, readonly problems: readonly string[], readonly error: Error }

/** What reloading needs of its gateway. */
export interface ReloaderOptions {
  /** @param kept its files as they were */
  readonly load: (source: ConfigSource, kept?: KeptFiles) => Promise<Loaded>
  readonly build: (loaded: Loaded) => Promise<Generation>
  /** Closes a generation that never serves. */
  readonly drop: (next: Generation) => Promise<void>
  /** Makes the new generation serve. */
  readonly takeOver: (next: Generation, cause: ReloadCause, source: ConfigSource) => void
  /** Is told what refused a configuration. */
  readonly refused: (error: unknown, problems: readonly string[], cause: ReloadCause) => void
  readonly draining: () => boolean
}

export class Reloader {
  readonly #options: ReloaderOptions
  #watcher: FileWatch | undefined
  /** The reload under way, and the one that waits for it. All triggers in the meantime share the waiting one. */
  #running: Promise<ReloadOutcome> | undefined
  #waiting: Promise<ReloadOutcome> | undefined

  #source: ConfigSource
  /** The source of the next reload. */
  #next: ConfigSource | undefined

  /** @param source of the configuration that serves */
  constructor (source: ConfigSource, options: ReloaderOptions) {
    this.#source = source
    this.#options = options
  }

  /** The source of the configuration that serves. */
  get source (): ConfigSource {
    return this.#source
  }

  /** Reloads whenever these files change, or those of a later configuration. */
  watch (files: SeenFiles): void {
    this.#watcher = watchFiles(files, () => { void this.reload({ trigger: 'file' }) })
  }

  /** Stops watching. */
  close (): void {
    this.#watcher?.close()
  }

  /**
   * Reloads. Any number of calls while another reload runs cause one more, which reads the configuration as it is then.
   * @param next another source. Where its configuration is refused, later reloads read the former one. Of several calls while a reload
   * runs, the last one counts.
   */
  async reload (cause: ReloadCause, next?: ConfigSource): Promise<ReloadOutcome> {
    if (next !== undefined) this.#next = next
    if (this.#running === undefined) return await this.#run(cause)
    this.#waiting ??= this.#running.then(async () => {
      this.#waiting = undefined
      return await this.#run(cause)
    })
    return await this.#waiting
  }

  /**
   * Serves a configuration again that has served before. Files are watched as before, and the next reload reads the source of all reloads.
   */
  async restore (cause: ReloadCause, kept: KeptConfiguration): Promise<ReloadOutcome> {
    // A reload that waits was asked for earlier.
    while (this.#running !== undefined || this.#waiting !== undefined) await this.settled()
    return await this.#run(cause, kept)
  }

  /** Resolves when no reload is under way. */
  async settled (): Promise<void> {
    await Promise.allSettled([this.#running, this.#waiting])
  }

  async #run (cause: ReloadCause, kept?: KeptConfiguration): Promise<ReloadOutcome> {
    this.#running = kept === undefined ? this.#once(cause) : this.#again(cause, kept)
    try {
      return await this.#running
    } finally {
      this.#running = undefined
    }
  }

  async #once (cause: ReloadCause): Promise<ReloadOutcome> {
    const { load, draining } = this.#options
    if (draining()) return abandoned()
    const source = this.#next ?? this.#source
    this.#next = undefined
    try {
      const loaded = await load(source)
      this.#watcher?.update(loaded.watched)
      const outcome = await this.#serve(loaded, cause, source)
      if (outcome.ok) this.#source = source
      return outcome
    } catch (error) {
      if (draining()) return abandoned()
      // The correction may be in a file that only the rejected configuration includes.
      if (error instanceof ConfigRefused) this.#watcher?.update(error.files)
      return this.#refuse(error, cause)
    }
  }

  async #again (cause: ReloadCause, { source, files }: KeptConfiguration): Promise<ReloadOutcome> {
    const { load, draining } = this.#options
    if (draining()) return abandoned()
    try {
      return await this.#serve(await load(source, files), cause, source)
    } catch (error) {
      return draining() ? abandoned() : this.#refuse(error, cause)
    }
  }

  async #serve (loaded: Loaded, cause: ReloadCause, source: ConfigSource): Promise<ReloadOutcome> {
    const next = await this.#options.build(loaded)
    if (this.#options.draining()) {
      await this.#options.drop(next)
      return abandoned()
    }
    this.#options.takeOver(next, cause, source)
    return { ok: true, problems: [] }
  }

  #refuse (thrown: unknown, cause: ReloadCause): ReloadOutcome {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    const source = error instanceof ConfigRefused ? error.source : () => undefined
    const problems = error instanceof ConfigError ? listProblems(error.problems, source) : [error.message]
    this.#options.refused(error, problems, cause)
    return { ok: false, problems, error }
  }
}

/** The result of a reload that ends because the gateway shuts down. */
function abandoned (): ReloadOutcome {
  return { ok: false, problems: [stopping], error: new Error(stopping) }
}
