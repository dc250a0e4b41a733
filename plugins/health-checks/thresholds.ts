/** Makes steady health of single probes: it takes several in a row to change it, so that one blip changes nothing. */

/** How many probes in a row it takes. */
export interface ThresholdOptions {
  readonly healthyAfter: number
  readonly unhealthyAfter: number
}

/** `unknown`, the state before enough is known, counts as healthy. */
export type Health = 'unknown' | 'healthy' | 'unhealthy'

export class Thresholds {
  readonly #options: ThresholdOptions
  #health: Health = 'unknown'
  /** Probes in a row that passed, or that failed; one of them is always 0. */
  #passed = 0
  #failed = 0
  #last = ''

  constructor (options: ThresholdOptions) {
    this.#options = options
  }

  get health (): Health {
    return this.#health
  }

  get healthy (): boolean {
    return this.#health !== 'unhealthy'
  }

  /** A probe passed. The very first one is enough: nothing speaks against the target yet. */
  pass (): void {
    this.#passed++
    this.#failed = 0
    if (this.#health === 'unknown' || this.#passed >= this.#options.healthyAfter) this.#health = 'healthy'
  }

  /** A probe failed; `why` is what a person reads. */
  fail (why: string): void {
    this.#failed++
    this.#passed = 0
    this.#last = why
    if (this.#failed >= this.#options.unhealthyAfter) this.#health = 'unhealthy'
  }

  /** What the last probes say, in words; undefined before the first. */
  describe (): string | undefined {
    if (this.#failed > 0) return `${count(this.#failed)} failed, last: ${this.#last}`
    if (this.#passed === 0) return undefined
    if (this.healthy) return `${count(this.#passed)} passed`
    return `${this.#passed} of ${this.#options.healthyAfter} probes passed, before: ${this.#last}`
  }

  copy (): Thresholds {
    const copy = new Thresholds(this.#options)
    copy.#health = this.#health
    copy.#passed = this.#passed
    copy.#failed = this.#failed
    copy.#last = this.#last
    return copy
  }
}

function count (probes: number): string {
  return probes === 1 ? '1 probe' : `${probes} probes`
}
