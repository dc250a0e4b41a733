/** What the viewers of a live stream know, and what of a new reading is news to them. */

import type { Reading, Second } from './live-reading.ts'

/** What has changed. A row that is gone is null. */
export interface Delta {
  readonly values: Readonly<Record<string, unknown>>
  readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly seconds: readonly Second[]
}

/** Seconds that are kept for viewers to come. */
const secondsKept = 300

export class LiveState {
  readonly #values = new Map<string, string>()
  readonly #tables = new Map<string, Map<string, string>>()
  #last: Reading = { values: {}, tables: {}, seconds: [] }
  #seconds: Second[] = []

  /** The last second that is known; 0 for none. */
  get since (): number {
    return this.#seconds.at(-1)?.second ?? 0
  }

  /** All that is known. */
  get all (): Reading {
    return { ...this.#last, seconds: this.#seconds }
  }

  /** Takes a reading in and returns what is new in it. */
  take (reading: Reading): Delta {
    const { since } = this
    this.#last = reading
    const seconds = reading.seconds.filter(({ second }) => second > since)
    this.#seconds = [...this.#seconds, ...seconds].slice(-secondsKept)
    const tables: Record<string, Record<string, unknown>> = {}
    for (const [name, table] of Object.entries(reading.tables)) {
      let known = this.#tables.get(name)
      if (known === undefined) this.#tables.set(name, known = new Map())
      const changed = changesOf(known, table)
      for (const id of known.keys()) {
        if (Object.hasOwn(table, id)) continue
        known.delete(id)
        changed[id] = null
      }
      if (Object.keys(changed).length > 0) tables[name] = changed
    }
    return { values: changesOf(this.#values, reading.values), tables, seconds }
  }
}

/** Those whose JSON is not the one that is known; from now on it is. */
function changesOf (known: Map<string, string>, now: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const changed: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [id, value] of Object.entries(now)) {
    const json = JSON.stringify(value)
    if (known.get(id) === json) continue
    known.set(id, json)
    changed[id] = value
  }
  return changed
}
