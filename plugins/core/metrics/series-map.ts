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

  constructor (metric: string, budget: SeriesBudget, create: (labels: Labels) => S) {
    this.#metric = metric
    this.#budget = budget
    this.#create = create
  }

  /** The series with these labels, created if missing. Label names must always have the same order. */
  at (labels: Labels): S {
    return this.#series.get(keyOf(labels)) ?? this.#new(labels)
  }

  get size (): number {
    return this.#series.size
  }

  /** The series with these values of labels, if there is one. @param key the values in their order, each with a NUL behind it */
  find (key: string): S | undefined {
    return this.#series.get(key)
  }

  /** Removes every series that fits, and returns them. */
  drop (fits: (series: S) => boolean): S[] {
    const dropped = [...this.#series.values()].filter(fits)
    for (const { labels } of dropped) this.#series.delete(keyOf(labels))
    return dropped
  }

  values (): Iterable<S> {
    return this.#series.values()
  }

  #new (labels: Labels): S {
    if (this.#series.size < this.#budget.max) return this.#add(labels)
    this.#budget.folded(this.#metric)
    const others = Object.fromEntries(Object.keys(labels).map(name => [name, other]))
    return this.#series.get(keyOf(others)) ?? this.#add(others)
  }

  #add (labels: Labels): S {
    const series = this.#create(labels)
    this.#series.set(keyOf(labels), series)
    return series
  }
}

/** The values of all labels, in their order, each with a NUL behind it, which no name of a file has. */
function keyOf (labels: Labels): string {
  let key = ''
  for (const value of Object.values(labels)) key += `${value}\0`
  return key
}
