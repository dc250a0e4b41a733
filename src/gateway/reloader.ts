/** Reloads the configuration of a gateway, one reload at a time, and watches its files. */

import { ConfigError, listProblems } from '../config/check/problem.ts'
import { ConfigRefused } from '../config/check/config-refused.ts'
import { type Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import type { SeenFiles } from '../config/read/text-file.ts'
import { watchFiles, type FileWatch } from '../config/watch/watch-files.ts'
import type { Generation } from './generation.ts'

/** The message of whatever ends because the gateway shuts down. */
export const stopping = 'the gateway is shutting down'

/** The result of a reload. Where it is refused, `error` is what refused it, and `problems` are its texts. */
export type ReloadOutcome =
  | { readonly ok: true, readonly problems: readonly [] }
  | { readonly ok: false, readonly problems: readonly string[], readonly error: Error }

/** What reloading needs of its gateway. */
export interface ReloaderOptions {
  readonly load: (source: ConfigSource) => Promise<Loaded>
  readonly build: (loaded: Loaded) => Promise<Generation>
  /** Closes a generation that never serves. */
  readonly drop: (next: Generation) => Promise<void>
  /** Makes the new generation serve. */
  readonly takeOver: (next: Generation, trigger: string) => void
  /** Is told what refused a configuration. */
  readonly refused: (error: unknown, problems: readonly string[], trigger: string) => void
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
    this.#watcher = watchFiles(files, () => { void this.reload('file') })
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
  async reload (trigger: string, next?: ConfigSource): Promise<ReloadOutcome> {
    if (next !== undefined) this.#next = next
    if (this.#running === undefined) return await this.#run(trigger)
    this.#waiting ??= this.#running.then(async () => {
      this.#waiting = undefined
      return await this.#run(trigger)
    })
    return await this.#waiting
  }

  /** Resolves when no reload is under way. */
  async settled (): Promise<void> {
    await Promise.allSettled([this.#running, this.#waiting])
  }

  async #run (trigger: string): Promise<ReloadOutcome> {
    this.#running = this.#once(trigger)
    try {
      return await this.#running
    } finally {
      this.#running = undefined
    }
  }

  async #once (trigger: string): Promise<ReloadOutcome> {
    const { load, build, takeOver, draining } = this.#options
    if (draining()) return abandoned()
    const source = this.#next ?? this.#source
    this.#next = undefined
    try {
      const loaded = await load(source)
      this.#watcher?.update(loaded.watched)
      const next = await build(loaded)
      if (draining()) {
        await this.#options.drop(next)
        return abandoned()
      }
      this.#source = source
      takeOver(next, trigger)
      return { ok: true, problems: [] }
    } catch (error) {
      if (draining()) return abandoned()
      // The correction may be in a file that only the rejected configuration includes.
      if (error instanceof ConfigRefused) this.#watcher?.update(error.files)
      return this.#refuse(error, trigger)
    }
  }

  #refuse (thrown: unknown, trigger: string): ReloadOutcome {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    const source = error instanceof ConfigRefused ? error.source : () => undefined
    const problems = error instanceof ConfigError ? listProblems(error.problems, source) : [error.message]
    this.#options.refused(error, problems, trigger)
    return { ok: false, problems, error }
  }
}

/** The result of a reload that ends because the gateway shuts down. */
function abandoned (): ReloadOutcome {
  return { ok: false, problems: [stopping], error: new Error(stopping) }
}
