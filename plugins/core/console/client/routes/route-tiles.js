/** The figures of a route. */

import { html } from '../preact.js'
import { table } from '../live.js'
import { figure, milliseconds, none, percent } from '../parts/format.js'
import { Tile } from '../parts/tile.js'
import { Ago } from '../parts/times.js'
import { errorsOf } from './rows.js'

const traffic = table('routes')

/** @param {{ name: string }} props */
export function RouteTiles ({ name }) {
  const figures = traffic.value[name]
  if (figures === undefined) return null
  const { rate, p50, p95, lastRequest, total } = figures
  const errors = errorsOf(figures)
  const details = [errors?.words, `${figure(total.errors)} in all`].filter(Boolean).join(', ')
  return html`
    <dl class="tiles" aria-label="Figures of the last ten seconds">
      <${Tile} name="Requests" value=${figure(rate)} unit="/s" detail=${`${figure(total.requests)} in all`} />
      <${Tile} name="Errors" value=${percent(errors?.share)} detail=${details} />
      <${Tile} name="Median" value=${milliseconds(p50)} detail=${`95th percentile: ${milliseconds(p95)}`} />
      <${Tile} name="Limited" value=${figure(total.limited)} detail="by rate limits, since the start" />
      <${Tile} name="Refused" value=${figure(total.refused)} detail="by other policies, since the start" />
      <${Tile} name="Last request" value=${lastRequest === null ? none : html`<${Ago} time=${lastRequest} />`} />
    </dl>`
}
