/** State that survives a reload: rate limit buckets, circuit breakers, health, connection pools, counters. */

import type { LeaseDefinition, LeaseHolder } from '../contract/leases.ts'
import type { LiveHolder } from './live-holder.ts'
import { allSettled } from './all-settled.ts'
import { ForkedLeases } from './forked-leases.ts'
import { Holdings } from './holdings.ts'
import { identityOf as leaseIdentity } from './identity.ts'

/** Must not refer to the generation that created the state, which would then live as long as the state. */
interface Entry {
  readonly state: unknown
  holders: number
}

/** The pieces of state of one holder, and how each is closed when its last holder releases it. */
type Held = Map<string, Pick<LeaseDefinition<never>, 'close'>>

/** A holder whose tasks can be started. */
export type LiveLeaseHolder = LeaseHolder & { start (): void }

/** All leases of a gateway. Each piece of state is closed when its last holder releases it. */
export class Leases {
  readonly #entries = new Map<string, Entry>()
  readonly #holdings = new Holdings()

  /** Creates a holder for one generation. */
  hold (): LiveLeaseHolder {
    return this.#hold(this.#holdings.hold())
  }

  #hold (things: LiveHolder): LiveLeaseHolder {
    const held: Held = new Map()
    const inner = new Set<LeaseHolder>()
    const { state, table, resource, task } = things
    return {
      state,
      table,
      resource,
      task,
      start: () => things.start(),
      take: definition => this.#take(definition, held),
      drop: async definition => await this.#drop(leaseIdentity(definition), held),
      hold: () => {
        const holder = this.#hold(things.hold())
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
        await allSettled([things.release(), this.#release(held), ...holders.map(async holder => await holder.release())])
      }
    }
  }

  /** Creates a holder for rehearsals: copies of the live state. No change that they make is seen by another holder. */
  fork (): ForkedLeases {
    return new ForkedLeases(id => this.#entries.get(id)?.state, this.#holdings.fork())
  }

  /** The number of live leases, for tests and the admin page. */
  get size (): number {
    return this.#entries.size + this.#holdings.size
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
