/** The pieces of an exchange that is held, in the order in which they came. */

import type { Held } from './protocol.ts'

export interface Pieces extends Held {
  add (piece: string): void
  end (how: string): void
}

export function pieces (): Pieces {
  const waiting: string[] = []
  const asked: ((piece: string) => void)[] = []
  const { promise: ended, resolve: end } = Promise.withResolvers<string>()
  return {
    ended,
    end,
    add (piece) {
      const ask = asked.shift()
      if (ask === undefined) waiting.push(piece)
      else ask(piece)
    },
    async next () {
      const piece = waiting.shift()
      if (piece !== undefined) return piece
      return await Promise.race([
        new Promise<string>(resolve => { asked.push(resolve) }),
        ended.then(how => { throw new Error(`the exchange has ended: ${how}`) })
      ])
    }
  }
}
