/** Requests that failed, by the code of the problem, and by the route, the upstream and the policy that it belongs to. */

import type { Exchange, Route } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'
import { none, serviceOf } from './request-metrics.ts'
import type { NumberSeries } from './number-series.ts'
import type { SeriesCounter } from './series.ts'

export class ErrorMetrics {
  readonly #errors: SeriesCounter
  readonly #byRoute = new Map<Route | undefined, Map<string, NumberSeries>>()

  constructor (instruments: Instruments) {
    this.#errors = instruments.seriesCounter(
      'gateway_errors_total',
      'Requests that failed, by code of the problem, by whose fault it was, and by route, upstream and rejecting policy.'
    )
  }

  /** Counts an exchange that has ended, if it failed. */
  end ({ reason, route, upstream, refusedBy = none }: Exchange): void {
    if (reason === undefined) return
    const { code, fault } = reason
    const name = upstream?.name ?? serviceOf(route)
    let known = this.#byRoute.get(route)
    if (known === undefined) this.#byRoute.set(route, known = new Map())
    // Names have no line breaks.
    const key = `${code}\n${name}\n${refusedBy}`
    let series = known.get(key)
    if (series === undefined) {
      series = this.#errors.at({ code, fault, route: route?.name ?? none, upstream: name, policy: refusedBy })
      known.set(key, series)
    }
    series.value++
  }
}
