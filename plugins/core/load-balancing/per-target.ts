/** State of a balancer for each target of its upstream. */

import type { BalancerContext, ReleasableHolder, Target, Upstream } from '../../../src/index.ts'

/** How the state of a target is made. */
export interface PerTargetOptions<T> {
  readonly kind: string
  /** The cells of a target that has just joined. */
  readonly cells: readonly number[]
  readonly create: (cells: Float64Array) => T
}

/** The state of one target. */
interface Kept<T> {
  readonly holder: ReleasableHolder
  readonly state: T
}

/** Follows the list of targets: one that joins gets new state, one that leaves loses its own. */
export class PerTarget<T> {
  readonly #context: Pick<BalancerContext, 'upstream' | 'holder'>
  readonly #options: PerTargetOptions<T>
  readonly #kept = new Map<string, Kept<T>>()
  #targets: Upstream['targets'] | undefined
  #list: readonly T[] = []
  #byTarget: ReadonlyMap<Target, T> = new Map()

  constructor (context: Pick<BalancerContext, 'upstream' | 'holder'>, options: PerTargetOptions<T>) {
    this.#context = context
    this.#options = options
    // It adds no gate, but is called for every target. Taken at the first selection, the state would have ended with the last generation.
    context.upstream.addGate(({ url }) => {
      this.#take(url)
      return undefined
    })
  }

  /** In the order of the targets of the upstream. */
  get all (): readonly T[] {
    this.#follow()
    return this.#list
  }

  /** Undefined for a target that has left. */
  of (target: Target): T | undefined {
    this.#follow()
    return this.#byTarget.get(target)
  }

  #follow (): void {
    const { targets } = this.#context.upstream
    if (targets === this.#targets) return
    this.#targets = targets
    const stay = new Set(targets.map(({ url }) => url))
    for (const [url, { holder }] of this.#kept) {
      if (stay.has(url)) continue
      this.#kept.delete(url)
      void holder.release()
    }
    this.#list = targets.map(({ url }) => this.#take(url))
    this.#byTarget = new Map(targets.map((target, index) => [target, this.#list[index]!]))
  }

  #take (url: string): T {
    const known = this.#kept.get(url)
    if (known !== undefined) return known.state
    const { upstream, holder: outer } = this.#context
    const { kind, cells, create } = this.#options
    const holder = outer.hold()
    const state = create(holder.state({ kind, key: `${upstream.name} ${url}`, cells }))
    this.#kept.set(url, { holder, state })
    return state
  }
}
