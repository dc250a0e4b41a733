/**
 * The series of one metric by their labels. Series are looked up once, so that a request only adds to numbers: the
 * Prometheus client builds a key from all label values at every increment, which would dominate the cost of metrics.
 * Beyond a bound all label values share one series with the labels `other`.
 */

export type Labels = Readonly<Record<string, string | number>>

/** The value of every label of the shared series. */
const other = 'other'

/** How many series a metric may have. */
export interface SeriesBudget {
  readonly max: number
  /** Called for each look-up that ends in the shared series. */
  folded (metric: string): void
}

/** No bound. */
export const unbounded: SeriesBudget = { max: Infinity, folded () {} }

export class SeriesMap<S extends { readonly labels: Labels }> {
  readonly #metric: string
  readonly #budget: SeriesBudget
  readonly #create: (labels: Labels) => S
  readonly #series = new Map<string, S>()
  #rest: S | undefined

  constructor (metric: string, budget: SeriesBudget, create: (labels: Labels) => S) {
    this.#metric = metric
    this.#budget = budget
    this.#create = create
  }

  /** The series with these labels, created if missing. Label names must always have the same order. */
  at (labels: Labels): S {
    const key = JSON.stringify(Object.values(labels))
    const known = this.#series.get(key)
    if (known !== undefined) return known
    if (this.#series.size >= this.#budget.max) return this.#fold(labels)
    const series = this.#create(labels)
    this.#series.set(key, series)
    return series
  }

  /** Removes every series whose labels match. */
  drop (fits: (labels: Labels) => boolean): void {
    for (const [key, { labels }] of this.#series) if (fits(labels)) this.#series.delete(key)
  }

  * values (): Generator<S> {
    yield * this.#series.values()
    if (this.#rest !== undefined) yield this.#rest
  }

  #fold (labels: Labels): S {
    this.#budget.folded(this.#metric)
    return this.#rest ??= this.#create(Object.fromEntries(Object.keys(labels).map(name => [name, other])))
  }
}
