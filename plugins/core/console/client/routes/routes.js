/** The view that answers: what does each route do, and what goes wrong there? */

import { html, useMemo } from '../preact.js'
import { gateway, table } from '../live.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Filter, fits } from '../parts/filter.js'
import { counted } from '../parts/format.js'
import { place } from '../place.js'
import { RoutePage } from './route-page.js'
import { RouteTable } from './route-table.js'
import { rowMaker } from './rows.js'

const traffic = table('routes')

/** @param {{ item: string }} props the name of a route, or '' for all */
export function Routes ({ item }) {
  return item === '' ? html`<${RouteList} />` : html`<${RoutePage} name=${item} />`
}

function RouteList () {
  const generation = gateway.value?.generation
  const { value: routes, problem } = useAsked(generation === undefined ? undefined : '/routes', { after: generation })
  const rowsOf = useMemo(rowMaker, [])
  if (routes === undefined) return html`<${Asking} problem=${problem} />`
  const filter = place.value.query.get('filter') ?? ''
  const rows = rowsOf(routes, traffic.value).filter(({ search }) => fits(filter, search))
  const shown = rows.filter(({ route }) => route !== undefined).length
  return html`
    <div class="tools">
      <${Filter} name="filter" label="Path, method, upstream or policy" />
      <span class="count" role="status">${shown === routes.length ? '' : `${shown} of `}${counted(routes.length, 'route')}</span>
    </div>
    <div class="card routes"><${RouteTable} rows=${rows} empty="No route fits the filter." /></div>`
}
