/** The figures of the gateway, second by second. */

import { rounded } from './traffic-rounding.ts'

/** What is kept of each second. Percentiles and delays in milliseconds, NaN for none; memory in bytes. */
export const secondFields = [
  'requests', 'client', 'upstream', 'gateway', 'plugin', 'p50', 'p95', 'p99', 'inFlight', 'connections', 'loopDelay', 'memory'
] as const

export type SecondField = typeof secondFields[number]

/** One second as it is shown. */
export interface Second {
  /** Seconds since 1970. */
  readonly second: number
  /** Per second, as `errors` are. */
  readonly requests: number
  readonly errors: Readonly<Record<'client' | 'upstream' | 'gateway' | 'plugin', number>>
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly inFlight: number
  readonly connections: number
  readonly loopDelay: number | null
  readonly memory: number
}

export class Seconds {
  readonly #most: number
  readonly #times: Float64Array
  readonly #fields: Float64Array
  #next = 0
  #size = 0

  /** @param most how many seconds are kept */
  constructor (most: number) {
    this.#most = most
    this.#times = new Float64Array(most)
    this.#fields = new Float64Array(most * secondFields.length)
  }

  /** Adds a second that is over. The oldest one goes. */
  add (second: number, fields: Readonly<Record<SecondField, number>>): void {
    const at = this.#next
    this.#times[at] = second
    for (const [index, name] of secondFields.entries()) this.#fields[at * secondFields.length + index] = fields[name]
    this.#next = (at + 1) % this.#most
    this.#size = Math.min(this.#size + 1, this.#most)
  }

  /** Those that came after a second, the oldest first. */
  after (second: number): Second[] {
    const found: Second[] = []
    for (let age = this.#size; age > 0; age--) {
      const at = (this.#next - age + this.#most) % this.#most
      if (this.#times[at]! > second) found.push(this.#at(at))
    }
    return found
  }

  #at (at: number): Second {
    const field = (name: SecondField): number => rounded(this.#fields[at * secondFields.length + secondFields.indexOf(name)]!)
    const orNull = (name: SecondField): number | null => Number.isNaN(field(name)) ? null : field(name)
    return {
      second: this.#times[at]!,
      requests: field('requests'),
      errors: { client: field('client'), upstream: field('upstream'), gateway: field('gateway'), plugin: field('plugin') },
      p50: orNull('p50'),
      p95: orNull('p95'),
      p99: orNull('p99'),
      inFlight: field('inFlight'),
      connections: field('connections'),
      loopDelay: orNull('loopDelay'),
      memory: field('memory')
    }
  }
}
