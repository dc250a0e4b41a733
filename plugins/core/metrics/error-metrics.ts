/** Requests that failed, by the code of the problem. */

import type { Exchange, Reason } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'
import type { CounterSeries, SeriesCounter } from './series.ts'

export class ErrorMetrics {
  readonly #errors: SeriesCounter
  readonly #byCode = new Map<string, CounterSeries>()

  constructor (instruments: Instruments) {
    this.#errors = instruments.seriesCounter(
      'gateway_errors_total',
      'Requests that failed, by code of the problem and by whose fault it was.'
    )
  }

  /** Counts an exchange that has ended, if it failed. */
  end ({ reason }: Exchange): void {
    if (reason !== undefined) this.#series(reason).value++
  }

  #series ({ code, fault }: Reason): CounterSeries {
    let series = this.#byCode.get(code)
    if (series === undefined) this.#byCode.set(code, series = this.#errors.at({ code, fault }))
    return series
  }
}
