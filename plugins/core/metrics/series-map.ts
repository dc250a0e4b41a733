/**
 * The series of one metric by their labels, looked up once, so that a request only adds to numbers: the Prometheus client builds a key from all label
 * values at every increment, which costs more than everything else a request does for its metrics. There is a bound: what comes beyond it shares one
 * series whose labels all say `other`.
 */

export type Labels = Readonly<Record<string, string | number>>

/** The value of every label of what shares a series. */
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

  /** The series with these labels, made when it is new. Always give the same names in the same order. */
  at (labels: Labels): S {
    const key = JSON.stringify(Object.values(labels))
    const known = this.#series.get(key)
    if (known !== undefined) return known
    if (this.#series.size >= this.#budget.max) return this.#fold(labels)
    const series = this.#create(labels)
    this.#series.set(key, series)
    return series
  }

  /** Leaves out every series whose labels fit. */
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
