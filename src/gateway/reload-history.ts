/** Keeps the latest configurations of a gateway: those that took over with what is needed to serve them again, and those refused. */

import type { Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import type { KeptFiles } from '../config/read/kept-files.ts'
import { asWrittenInSteps } from '../config/show/as-written.ts'
import { effectiveInSteps } from '../config/show/effective.ts'
import { yamlInSteps } from '../config/show/yaml.ts'
import type { EffectiveConfiguration, ReloadCause, ReloadHistory as ReadableHistory, ReloadRecord } from '../contract/reload-history.ts'
import { inPieces } from '../scheduling/steps.ts'

/** A configuration that can be loaded again as it was. */
export interface KeptConfiguration {
  readonly source: ConfigSource
  readonly files: KeptFiles
}

/** How much is kept. */
export interface HistoryBounds {
  /** Of configurations that took over, and as many that were refused. */
  readonly records: number
  /** UTF-16 units in all: texts of files, effective configurations and problems. */
  readonly characters: number
}

interface Entry {
  readonly record: ReloadRecord
  readonly kept?: KeptConfiguration
  /** Until its effective configuration is written down. */
  loaded?: Loaded | undefined
  /** JSON without secrets. */
  effective?: string
}

export class ReloadHistory implements ReadableHistory {
  readonly #bounds: HistoryBounds
  /** By number, the oldest first. */
  readonly #entries = new Map<number, Entry>()
  #last = 0
  #serving: ReloadRecord | undefined

  constructor (bounds: HistoryBounds = { records: 20, characters: 8 * 1024 * 1024 }) {
    this.#bounds = bounds
  }

  get records (): readonly ReloadRecord[] {
    return [...this.#entries.values()].map(({ record }) => record)
  }

  get serving (): ReloadRecord | undefined {
    return this.#serving
  }

  /** A configuration serves. Call {@link settle} before the next one does. */
  took (loaded: Loaded, source: ConfigSource, cause: ReloadCause & { readonly at: number, readonly generation: number }): void {
    const { kept } = loaded.document
    const read = typeof source === 'string' ? { file: source, included: kept.texts.size - 1 } : {}
    const record = { ...cause, ...read, number: ++this.#last, problems: [] }
    this.#serving = record
    this.#entries.set(record.number, { record, kept: { source, files: kept }, loaded })
    this.#forget()
  }

  refused (problems: readonly string[], cause: ReloadCause & { readonly at: number }): void {
    const record = { ...cause, number: ++this.#last, generation: undefined, problems }
    this.#entries.set(record.number, { record })
    this.#forget()
  }

  /**
   * Writes down the effective configuration of the one that serves, so that nothing else of it is held when another one does. Not done
   * when it begins to serve, because it takes a while and is seldom looked at.
   */
  async settle (): Promise<void> {
    if (this.#serving !== undefined) await this.#write(this.#serving.number)
  }

  async effective (number: number): Promise<EffectiveConfiguration | undefined> {
    const text = await this.#write(number)
    if (text === undefined) return undefined
    const value = JSON.parse(text) as EffectiveConfiguration['value']
    return { value, yaml: async (part = value) => await inPieces(yamlInSteps(part)) }
  }

  /** What is needed to serve a configuration again; undefined for one that was refused, or is forgotten. */
  kept (number: number): KeptConfiguration | undefined {
    return this.#entries.get(number)?.kept
  }

  async #write (number: number): Promise<string | undefined> {
    const entry = this.#entries.get(number)
    if (entry === undefined) return undefined
    const { loaded } = entry
    if (loaded !== undefined) {
      const effective = await inPieces(asWrittenInSteps(loaded, await inPieces(effectiveInSteps(loaded))))
      // Asked twice, it may be there by now.
      entry.effective ??= JSON.stringify(effective)
      entry.loaded = undefined
      this.#forget()
    }
    return entry.effective
  }

  /** Forgets the oldest beyond the bounds. The one that serves stays, and the latest. */
  #forget (): void {
    const entries = [...this.#entries.values()]
    const counts = { ok: 0, refused: 0 }
    let characters = 0
    for (const entry of entries.toReversed()) {
      const { record: { number, generation } } = entry
      characters += sizeOf(entry)
      const many = ++counts[generation === undefined ? 'refused' : 'ok'] > this.#bounds.records
      const needed = number === this.#last || number === this.#serving?.number
      if (needed || (!many && characters <= this.#bounds.characters)) continue
      this.#entries.delete(number)
      characters -= sizeOf(entry)
    }
  }
}

function sizeOf ({ record, kept, effective = '' }: Entry): number {
  let size = effective.length
  for (const problem of record.problems) size += problem.length
  if (kept === undefined) return size
  for (const { text } of kept.files.texts.values()) size += text.length
  const { source } = kept
  if (typeof source === 'object') size += typeof source.content === 'string' ? source.content.length : JSON.stringify(source.content).length
  return size
}
