/**
 * Counters and histograms whose series are looked up once, so that a request only adds to numbers. The Prometheus client builds a key from
 * all label values at every increment, which costs more than everything else a request does for its metrics; it prints these at a scrape
 * like its own.
 */

export type Labels = Readonly<Record<string, string | number>>

/** One printed line. */
interface Sample {
  readonly labels: Labels
  readonly value: number
  readonly metricName?: string
}

/** What the client's registry asks of a metric when it prints it. */
interface Printed {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'histogram'
  readonly aggregator: 'sum'
  readonly values: readonly Sample[]
}

/** One series of a {@link SeriesCounter}: add to `value`. */
export interface CounterSeries {
  readonly labels: Labels
  value: number
}

/** A counter by the exposition format's rules: it only ever grows. */
export class SeriesCounter {
  readonly name: string
  readonly help: string
  readonly type = 'counter'
  readonly aggregator = 'sum'
  readonly #series = new Map<string, CounterSeries>()

  constructor (name: string, help: string) {
    this.name = name
    this.help = help
  }

  /** The series with these labels, at 0 when it is new. Always give the same names in the same order. */
  at (labels: Labels): CounterSeries {
    const key = keyOf(labels)
    let series = this.#series.get(key)
    if (series === undefined) this.#series.set(key, series = { labels, value: 0 })
    return series
  }

  /** Called by the registry. */
  async get (): Promise<Printed> {
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values: [...this.#series.values()] }
  }

  /** Called by the registry. */
  reset (): void {
    for (const series of this.#series.values()) series.value = 0
  }
}

/** One series of a {@link SeriesHistogram}. */
export class HistogramSeries {
  readonly labels: Labels
  readonly #bounds: readonly number[]
  /** Observations by bucket, not cumulated; the last one is for what exceeds every bound. */
  readonly #counts: Float64Array
  #sum = 0

  constructor (labels: Labels, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  /** Adds one observation, in the unit of the metric's name. */
  observe (value: number): void {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  reset (): void {
    this.#counts.fill(0)
    this.#sum = 0
  }

  /** Cumulated buckets, sum and count, as the exposition format has them. */
  * samples (name: string): Generator<Sample> {
    let count = 0
    for (const [bucket, observed] of this.#counts.entries()) {
      count += observed
      yield { metricName: `${name}_bucket`, labels: { ...this.labels, le: this.#bounds[bucket] ?? '+Inf' }, value: count }
    }
    yield { metricName: `${name}_sum`, labels: this.labels, value: this.#sum }
    yield { metricName: `${name}_count`, labels: this.labels, value: count }
  }
}

/** A histogram with fixed buckets. */
export class SeriesHistogram {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly aggregator = 'sum'
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, HistogramSeries>()

  /** `bounds` are the upper bounds of the buckets, ascending, without +Inf. */
  constructor (name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.#bounds = bounds
  }

  /** The series with these labels, empty when it is new. Always give the same names in the same order. */
  at (labels: Labels): HistogramSeries {
    const key = keyOf(labels)
    let series = this.#series.get(key)
    if (series === undefined) this.#series.set(key, series = new HistogramSeries(labels, this.#bounds))
    return series
  }

  /** Called by the registry. */
  async get (): Promise<Printed> {
    const values = [...this.#series.values()].flatMap(series => [...series.samples(this.name)])
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values }
  }

  /** Called by the registry. */
  reset (): void {
    for (const series of this.#series.values()) series.reset()
  }
}

function keyOf (labels: Labels): string {
  return JSON.stringify(Object.values(labels))
}
