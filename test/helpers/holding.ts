/** A target that responds when it is told to. */

import type { Respond } from './target.ts'

export interface Holding {
  readonly respond: Respond
  /** Resolves when the first request has come. */
  readonly arrived: Promise<void>
  /** Answers all that have come with `late`. */
  finish (): void
}

export function holding (): Holding {
  const held: (() => void)[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    respond: (_request, response) => { held.push(() => response.end('late')); resolve() },
    arrived: promise,
    finish: () => { for (const answer of held) answer() }
  }
}
