/** Derives health from probes: it changes only after several equal results in a row, so that a single failure has no effect. */

import { Flapping, type FlappingOptions } from './flapping.ts'

/** How many probes in a row it takes. */
export interface ThresholdOptions {
  readonly healthyAfter: number
  readonly unhealthyAfter: number
  readonly flapping: FlappingOptions
}

/** `unknown`, the state before enough is known, counts as healthy. */
export type Health = 'unknown' | 'healthy' | 'unhealthy'

/** Times are milliseconds of a clock that never jumps. */
export class Thresholds {
  readonly #options: ThresholdOptions
  readonly #flapping: Flapping
  #health: Health = 'unknown'
  /** Probes in a row that passed, or that failed; one of them is always 0. */
  #passed = 0
  #failed = 0
  #last = ''

  constructor (options: ThresholdOptions, flapping = new Flapping(options.flapping)) {
    this.#options = options
    this.#flapping = flapping
  }

  get health (): Health {
    return this.#health
  }

  get healthy (): boolean {
    return this.#health !== 'unhealthy'
  }

  /** Healthy, and the last probe said so too. */
  get calm (): boolean {
    return this.#health === 'healthy' && this.#failed === 0
  }

  /** Records a passed probe. The very first one is enough to be healthy. */
  pass (now: number): void {
    this.#passed++
    this.#failed = 0
    if (this.#health === 'unknown') this.#health = 'healthy'
    else if (this.#health === 'unhealthy' && this.#passed >= this.#needed(now)) this.#become('healthy', now)
  }

  /** Records a failed probe; `why` is a readable reason. */
  fail (why: string, now: number): void {
    this.#failed++
    this.#passed = 0
    this.#last = why
    if (this.healthy && this.#failed >= this.#options.unhealthyAfter) this.#become('unhealthy', now)
  }

  /** The result of the last probes in words; undefined before the first. */
  describe (now: number): string | undefined {
    if (this.#failed > 0) return `${count(this.#failed)} failed, last: ${this.#last}`
    if (this.#passed === 0) return undefined
    if (this.healthy) return `${count(this.#passed)} passed`
    const flaps = this.#flapping.factor(now) > 1 ? ', more than usual because it comes and goes' : ''
    return `${this.#passed} of ${this.#needed(now)} probes passed${flaps}, before: ${this.#last}`
  }

  copy (): Thresholds {
    const copy = new Thresholds(this.#options, this.#flapping.copy())
    copy.#health = this.#health
    copy.#passed = this.#passed
    copy.#failed = this.#failed
    copy.#last = this.#last
    return copy
  }

  #needed (now: number): number {
    return this.#options.healthyAfter * this.#flapping.factor(now)
  }

  #become (health: Health, now: number): void {
    this.#health = health
    this.#flapping.changed(now)
  }
}

function count (probes: number): string {
  return probes === 1 ? '1 probe' : `${probes} probes`
}
