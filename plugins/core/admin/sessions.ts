/** The sessions of people who have logged in on the admin listener. Only hashes of their ids are kept. Outlive a reload. */

import { hash, randomBytes } from 'node:crypto'
import type { OperatorRole } from '../../../src/index.ts'

/** How long a session lasts, in milliseconds. */
export const sessionAge = 12 * 60 * 60_000

/** Most sessions at once. One more ends the oldest. */
const mostSessions = 64

/** Bytes of an id. */
const idLength = 32

/** A session as the guard sees it. */
export interface Session {
  readonly role: OperatorRole
  /** When it ends by itself, milliseconds since 1970. */
  readonly until: number
  /** Aborted when it has ended. */
  readonly ended: AbortSignal
}

interface Kept extends Session {
  /** The digest of the tokens it was opened under. */
  readonly tokens: string
  readonly end: AbortController
  readonly timer: NodeJS.Timeout
}

export class Sessions {
  /** By the hash of the id, the oldest first. */
  readonly #kept = new Map<string, Kept>()

  /**
   * Opens a session.
   * @param tokens the digest of the tokens in use
   * @param now milliseconds since 1970
   * @returns the session and its id, which is kept nowhere
   */
  open (role: OperatorRole, tokens: string, now: number): { readonly id: string, readonly session: Session } {
    if (this.#kept.size >= mostSessions) this.#end(this.#kept.keys().next().value!)
    const id = randomBytes(idLength).toString('base64url')
    const key = keyOf(id)
    const end = new AbortController()
    // For responses that are still sent when the time is over. Requests look at the clock.
    const timer = setTimeout(() => this.#end(key), sessionAge).unref()
    const session = { role, until: now + sessionAge, ended: end.signal, tokens, end, timer }
    this.#kept.set(key, session)
    return { id, session }
  }

  /** The session with this id, unless it has ended or was opened under other tokens. */
  find (id: string, tokens: string, now: number): Session | undefined {
    const key = keyOf(id)
    const session = this.#kept.get(key)
    if (session === undefined) return undefined
    if (now < session.until && session.tokens === tokens) return session
    this.#end(key)
    return undefined
  }

  /** Ends the session with this id. */
  close (id: string): void {
    this.#end(keyOf(id))
  }

  /** Ends all sessions that were opened under other tokens. */
  keepOnly (tokens: string): void {
    for (const [key, session] of this.#kept) {
      if (session.tokens !== tokens) this.#end(key)
    }
  }

  /** Ends all sessions. */
  closeAll (): void {
    for (const key of this.#kept.keys()) this.#end(key)
  }

  #end (key: string): void {
    const session = this.#kept.get(key)
    if (session === undefined) return
    this.#kept.delete(key)
    clearTimeout(session.timer)
    session.end.abort()
  }
}

/** Who reads the memory of the gateway gets no id to use. An id is random, so a plain hash will do. */
function keyOf (id: string): string {
  return hash('sha256', id, 'base64')
}
