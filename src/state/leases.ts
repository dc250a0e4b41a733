/** State that survives a reload: rate limit buckets, circuit breakers, health, connection pools, counters. */

import type { LeaseDefinition, LeaseHolder } from '../contract/leases.ts'
import { allSettled } from './all-settled.ts'
import { ForkedLeases } from './forked-leases.ts'
import { leaseIdentity } from './lease-identity.ts'

/** Must not refer to the generation that created the state, which would then live as long as the state. */
interface Entry {
  readonly state: unknown
  holders: number
}

/** The pieces of state of one holder, and how each is closed when its last holder releases it. */
type Held = Map<string, Pick<LeaseDefinition<never>, 'close'>>

/** All leases of a gateway. Each piece of state is closed when its last holder releases it. */
export class Leases {
  readonly #entries = new Map<string, Entry>()

  /** Creates a holder for one generation. */
  hold (): LeaseHolder {
    const held: Held = new Map()
    const inner = new Set<LeaseHolder>()
    return {
      take: definition => this.#take(definition, held),
      drop: async definition => await this.#drop(leaseIdentity(definition), held),
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
        await allSettled([this.#release(held), ...holders.map(async holder => await holder.release())])
      }
    }
  }

  /** Creates a holder for rehearsals: copies of the live state. No change that they make is seen by another holder. */
  fork (): ForkedLeases {
    return new ForkedLeases(id => this.#entries.get(id)?.state)
  }

  /** The number of live leases, for tests and the admin page. */
  get size (): number {
    return this.#entries.size
  }

  #take<T> (definition: LeaseDefinition<T>, held: Held): T {
    const id = leaseIdentity(definition)
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
    await allSettled([...held.keys()].map(async id => await this.#drop(id, held)))
  }

  async #drop (id: string, held: Held): Promise<void> {
    const entry = this.#entries.get(id)
    const definition = held.get(id)
    if (!held.delete(id) || entry === undefined || --entry.holders > 0) return
    this.#entries.delete(id)
    await definition!.close?.(entry.state as never)
  }
}
