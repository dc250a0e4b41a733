/** What the viewers of a live stream know, and what of a new reading is news to them. */

import type { Reading, Second } from './live-reading.ts'

/** What is new in a reading, as JSON: that was made to find out, and to make it once more is expensive where all rows change. */
export interface News {
  readonly values: string
  /** By name, those with changes. A row that is gone is null. */
  readonly tables: ReadonlyMap<string, string>
  readonly seconds: string
}

/** Seconds that are kept for viewers to come. */
const secondsKept = 300

/** Rows that are known, each with its JSON. */
type Rows = Map<string, { value: unknown, readonly json: string }>

export class LiveState {
  readonly #values: Rows = new Map()
  readonly #tables = new Map<string, Rows>()
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

  /** Takes a reading in and returns what is new in it. A table that it does not have is not known any longer. */
  take (reading: Reading): News {
    const { since } = this
    this.#last = reading
    const seconds = reading.seconds.filter(({ second }) => second > since)
    this.#seconds = [...this.#seconds, ...seconds].slice(-secondsKept)
    const tables = new Map<string, string>()
    for (const name of this.#tables.keys()) if (!Object.hasOwn(reading.tables, name)) this.#tables.delete(name)
    for (const [name, table] of Object.entries(reading.tables)) {
      let known = this.#tables.get(name)
      if (known === undefined) this.#tables.set(name, known = new Map())
      const changed = changesOf(known, table)
      for (const id of known.keys()) {
        if (Object.hasOwn(table, id)) continue
        known.delete(id)
        changed.push(member(id, 'null'))
      }
      if (changed.length > 0) tables.set(name, objectOf(changed))
    }
    return { values: objectOf(changesOf(this.#values, reading.values)), tables, seconds: JSON.stringify(seconds) }
  }
}

/**
 * Members of those whose JSON is not the one that is known; from now on it is. What is the same object as before has the same JSON.
 */
function changesOf (known: Rows, now: Readonly<Record<string, unknown>>): string[] {
  const changed: string[] = []
  for (const id of Object.keys(now)) {
    const value = now[id]
    const before = known.get(id)
    if (before !== undefined && before.value === value) continue
    const json = JSON.stringify(value) as string | undefined
    if (json === undefined) continue
    if (before?.json === json) {
      before.value = value
    } else {
      known.set(id, { value, json })
      changed.push(member(id, json))
    }
  }
  return changed
}

/** What is new for those who want these tables, in the shape that a reading has. */
export function deltaOf ({ values, tables, seconds }: News, isWanted: (table: string) => boolean): string {
  const wanted = [...tables].filter(([name]) => isWanted(name)).map(([name, json]) => member(name, json))
  return objectOf([member('values', values), member('tables', objectOf(wanted)), member('seconds', seconds)])
}

function member (name: string, json: string): string {
  return `${JSON.stringify(name)}:${json}`
}

function objectOf (members: readonly string[]): string {
  return `{${members.join(',')}}`
}
