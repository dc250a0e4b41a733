/** The last exchanges of a thread: those that went well, and apart from them those that did not, which no rush of successes hides. */

import { answerStatus, type Exchange } from '../../../src/index.ts'
import { type KeepRules, RequestRecord } from './requests-record.ts'

/** A ring of records. It grows to its size with the requests that come. */
class Ring {
  readonly #records: RequestRecord[] = []
  #next = 0

  /** The record for the next exchange: a new one, or the oldest where there are `most`. */
  take (most: number): RequestRecord {
    if (this.#next >= most) {
      // A reload may have made it smaller.
      this.#records.length = most
      this.#next = 0
    }
    const index = this.#next++
    return this.#records[index] ??= new RequestRecord()
  }

  * newestFirst (): Generator<RequestRecord, undefined> {
    for (let index = this.#next - 1; index >= 0; index--) yield this.#records[index]!
    for (let index = this.#records.length - 1; index >= this.#next; index--) yield this.#records[index]!
    return undefined
  }

  clear (): void {
    this.#records.length = 0
    this.#next = 0
  }
}

export class RecentRequests {
  readonly #good = new Ring()
  readonly #bad = new Ring()

  /** Keeps an exchange that ended at `now`, as one of `most` of its kind. */
  keep (exchange: Exchange, most: number, now: number, generation: number, rules: KeepRules): void {
    const status = answerStatus(exchange)
    const ring = exchange.reason === undefined && status < 400 ? this.#good : this.#bad
    ring.take(most).fill(exchange, status, now, generation, rules)
  }

  /** All that is kept, in the order in which it ended. */
  * newestFirst (): Generator<RequestRecord> {
    const [good, bad] = [this.#good.newestFirst(), this.#bad.newestFirst()]
    let [one, other] = [good.next().value, bad.next().value]
    while (one !== undefined || other !== undefined) {
      if (other === undefined || (one !== undefined && one.endedAt >= other.endedAt)) {
        yield one!
        one = good.next().value
      } else {
        yield other
        other = bad.next().value
      }
    }
  }

  clear (): void {
    this.#good.clear()
    this.#bad.clear()
  }
}
