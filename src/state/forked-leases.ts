/**
 * The leases of a rehearsal. Each piece of state is a copy of the live state, made on first use. `renew` discards the copies, so the next
 * use copies the state again. What a plugin takes while it registers is a view, which forwards to the current copy.
 */

import type { LeaseDefinition, LeaseHolder } from '../contract/leases.ts'
import { allSettled } from './all-settled.ts'
import { identityOf as leaseIdentity } from './identity.ts'
import type { RehearsalHolder } from './rehearsal-holder.ts'
import { createStateView, isViewable } from './state-view.ts'

type Close = () => void | Promise<void>

/** A copy, and how it is closed. Only state that had to be created is closed. */
interface Copy {
  readonly state: unknown
  readonly close: Close | undefined
}

/** A piece of state of this holder. */
interface Piece {
  /** What `take` returned. */
  readonly taken: unknown
  /** The current copy; undefined until the next use. */
  copy: Copy | undefined
}

export class ForkedLeases implements LeaseHolder {
  readonly state: LeaseHolder['state']
  readonly table: LeaseHolder['table']
  readonly resource: LeaseHolder['resource']
  readonly task: LeaseHolder['task']
  readonly #things: RehearsalHolder
  readonly #live: (id: string) => unknown
  readonly #pieces = new Map<string, Piece>()
  /** Pieces that have a copy, which `renew` discards. */
  readonly #used = new Set<Piece>()
  #registering = true
  #renewable = true

  /** @param live returns the live state of an identity; undefined where there is none */
  constructor (live: (id: string) => unknown, things: RehearsalHolder) {
    this.#live = live
    this.#things = things
    this.state = things.state
    this.table = things.table
    this.resource = things.resource
    this.task = things.task
  }

  /**
   * Whether `renew` refreshes the state of all plugins. False once a plugin has read an object inside a piece of state while it registered,
   * because it may have kept that object; or has taken state that has no view.
   */
  get renewable (): boolean {
    return this.#renewable
  }

  take<T> (definition: LeaseDefinition<T>): T {
    const id = leaseIdentity(definition)
    let piece = this.#pieces.get(id)
    if (piece === undefined) {
      piece = this.#begin(id, definition)
      this.#pieces.set(id, piece)
    }
    return piece.taken as T
  }

  async drop (definition: LeaseDefinition<never>): Promise<void> {
    const id = leaseIdentity(definition)
    const piece = this.#pieces.get(id)
    if (piece === undefined) return
    this.#pieces.delete(id)
    this.#used.delete(piece)
    await piece.copy?.close?.()
  }

  /** A rehearsal never drops a part of itself, so the inner holder has nothing to release. */
  readonly hold = (): LeaseHolder => {
    const { state, table, resource, task } = this
    return {
      state,
      table,
      resource,
      task,
      take: definition => this.take(definition),
      drop: async definition => await this.drop(definition),
      hold: () => this.hold(),
      release: async () => {}
    }
  }

  /** Discards the copies. Call it between rehearsals, and for the first time when all plugins are registered. */
  async renew (): Promise<void> {
    this.#registering = false
    this.#things.renew()
    if (this.#used.size === 0) return
    const closing: Close[] = []
    for (const piece of this.#used) {
      const close = piece.copy?.close
      piece.copy = undefined
      if (close !== undefined) closing.push(close)
    }
    this.#used.clear()
    if (closing.length > 0) await allSettled(closing.map(async close => await close()))
  }

  async release (): Promise<void> {
    await this.#things.release()
    const pieces = [...this.#pieces.values()]
    this.#pieces.clear()
    this.#used.clear()
    await allSettled(pieces.map(async ({ copy }) => await copy?.close?.()))
  }

  #begin (id: string, definition: LeaseDefinition<unknown>): Piece {
    const copy = this.#copy(id, definition)
    const shared = isShared(copy.state, this.#live(id), definition)
    if (shared || !isViewable(copy.state)) {
      if (!shared) this.#renewable = false
      return { taken: copy.state, copy }
    }
    let settings: Map<PropertyKey, unknown> | undefined
    const piece: Piece = {
      copy,
      taken: createStateView(copy.state, {
        current: () => {
          if (piece.copy === undefined) {
            piece.copy = this.#copy(id, definition)
            if (settings !== undefined) for (const [key, value] of settings) Reflect.set(piece.copy.state as object, key, value)
            this.#used.add(piece)
          }
          return piece.copy.state as object
        },
        // A property that a plugin sets while it registers, such as its log, applies to all rehearsals.
        onWrite: (key, value) => { if (this.#registering) (settings ??= new Map<PropertyKey, unknown>()).set(key, value) },
        onTakenApart: () => { if (this.#registering) this.#renewable = false }
      })
    }
    this.#used.add(piece)
    return piece
  }

  #copy (id: string, definition: LeaseDefinition<unknown>): Copy {
    const live = definition.fork === undefined ? undefined : this.#live(id)
    if (live !== undefined) return { state: definition.fork!(live), close: undefined }
    const state = definition.create()
    return { state, close: definition.close === undefined ? undefined : () => definition.close!(state) }
  }
}

/** Whether `fork` returns the state itself, so that rehearsals and the gateway share it. */
function isShared (copy: unknown, live: unknown, definition: LeaseDefinition<unknown>): boolean {
  return definition.fork !== undefined && (live === undefined ? definition.fork(copy) === copy : copy === live)
}
