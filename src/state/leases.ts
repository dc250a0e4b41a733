/** State that outlives a generation: buckets, breaker states, health, pools, counters. */

import type { LeaseDefinition, LeaseHolder } from '../contract/leases.ts'

/** Nothing of the generation that made the state is kept here: it would live as long as the state. */
interface Entry {
  readonly state: unknown
  holders: number
}

/** What a holder has, and how each piece is closed if it is the last to let go. */
type Held = Map<string, Pick<LeaseDefinition<never>, 'close'>>

/** All leases of a gateway, counted by holder. */
export class Leases {
  readonly #entries = new Map<string, Entry>()

  /** A holder for one generation. */
  hold (): LeaseHolder {
    const held: Held = new Map()
    const inner = new Set<LeaseHolder>()
    return {
      take: definition => this.#take(definition, held),
      drop: async definition => await this.#drop(identity(definition), held),
      hold: () => {
        const holder = this.hold()
        const release = async (): Promise<void> => {
          inner.delete(holder)
          await holder.release()
        }
        inner.add(holder)
        return { ...holder, release }
      },
      release: async () => {
        const holders = [...inner]
        inner.clear()
        throwFirst(await Promise.allSettled([this.#release(held), ...holders.map(async holder => await holder.release())]))
      }
    }
  }

  /** A holder for a rehearsal: today's state, forked; nothing it does is seen by any other holder. */
  fork (): LeaseHolder {
    const forked = new Map<string, { state: unknown, close: (() => void | Promise<void>) | undefined }>()
    const fork: LeaseHolder = {
      take: <T>(definition: LeaseDefinition<T>): T => {
        const id = identity(definition)
        const known = forked.get(id)
        if (known !== undefined) return known.state as T
        const live = this.#entries.get(id)
        const copied = live !== undefined && definition.fork !== undefined
        const state = copied ? definition.fork!(live.state as T) : definition.create()
        // A forked copy shares what it does not own; only what was created here is closed here.
        forked.set(id, { state, close: copied ? undefined : closer(definition, state) })
        return state
      },
      drop: async definition => {
        const id = identity(definition)
        const known = forked.get(id)
        forked.delete(id)
        await known?.close?.()
      },
      // Nothing leaves in a rehearsal, which is over before anything could.
      hold: () => ({ ...fork, release: async () => {} }),
      release: async () => {
        const closing = [...forked.values()].map(async ({ close }) => await close?.())
        forked.clear()
        throwFirst(await Promise.allSettled(closing))
      }
    }
    return fork
  }

  /** Number of live leases; for tests and the admin page. */
  get size (): number {
    return this.#entries.size
  }

  #take<T> (definition: LeaseDefinition<T>, held: Held): T {
    const id = identity(definition)
    let entry = this.#entries.get(id)
    if (entry === undefined) {
      entry = { state: definition.create(), holders: 0 }
      this.#entries.set(id, entry)
    }
    if (!held.has(id)) {
      held.set(id, definition)
      entry.holders++
    }
    return entry.state as T
  }

  async #release (held: Held): Promise<void> {
    throwFirst(await Promise.allSettled([...held.keys()].map(async id => await this.#drop(id, held))))
  }

  async #drop (id: string, held: Held): Promise<void> {
    const entry = this.#entries.get(id)
    const definition = held.get(id)
    if (!held.delete(id) || entry === undefined || --entry.holders > 0) return
    this.#entries.delete(id)
    await definition!.close?.(entry.state as never)
  }
}

/** One state that cannot be closed keeps none of the others open. */
function throwFirst (results: readonly PromiseSettledResult<unknown>[]): void {
  const failed = results.find(result => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function closer<T> (definition: LeaseDefinition<T>, state: T): (() => void | Promise<void>) | undefined {
  return definition.close === undefined ? undefined : () => definition.close!(state)
}

function identity (definition: LeaseDefinition<unknown>): string {
  return JSON.stringify([definition.kind, definition.key, canonical(definition.options)])
}

/** The same data with sorted keys, so that the order of keys in the file does not matter. */
function canonical (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => [key, canonical(item)]))
}
