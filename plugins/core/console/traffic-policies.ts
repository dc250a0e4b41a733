/** What policies refuse. */

import { Rates } from './traffic-rates.ts'
import { rounded } from './traffic-rounding.ts'

/** A policy as it is shown: requests that it refuses as a limit, and for other reasons. Rates are per second. */
export interface PolicyTraffic {
  readonly limited: number
  readonly refused: number
  /** Since the start of the gateway. */
  readonly total: Readonly<Record<'limited' | 'refused', number>>
}

/** The code of what a limit refuses. */
export const limitedCode = 'rate-limited'

const column = { limited: 0, refused: 1 } as const

export class PolicyFigures {
  readonly #rates: Rates

  /** @param seconds how many seconds a rate is about */
  constructor (seconds: number) {
    this.#rates = new Rates(Object.keys(column).length, seconds)
  }

  /** Forgets all but these names. Returns whether there are others than before. */
  keep (names: ReadonlySet<string>): boolean {
    return this.#rates.keep(names)
  }

  /** A second is over. @param anew whether totals begin anew */
  advance (lasted: number, anew: boolean): void {
    this.#rates.advance(lasted)
    if (anew) this.#rates.beginTotals()
  }

  /** Requests that a policy has refused with a code. @param grown what is to be added to totals */
  add (policy: string, code: string, increase: number, grown: number): void {
    const row = this.#rates.find(policy)
    if (row !== undefined) this.#rates.count(row, code === limitedCode ? column.limited : column.refused, increase, grown)
  }

  policy (name: string): PolicyTraffic | undefined {
    const row = this.#rates.find(name)
    if (row === undefined) return undefined
    const rate = (at: number): number => rounded(this.#rates.rate(row, at))
    const total = (at: number): number => this.#rates.total(row, at)
    return {
      limited: rate(column.limited),
      refused: rate(column.refused),
      total: { limited: total(column.limited), refused: total(column.refused) }
    }
  }
}
