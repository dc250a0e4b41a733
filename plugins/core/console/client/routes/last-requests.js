/** The newest requests of a route. */

import { html } from '../preact.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { milliseconds } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { kindOf, statusOf } from '../parts/exchange.js'

const every = 2000

const columns = [
  { name: 'request', title: 'Request', cell: Request },
  { name: 'status', title: 'Status', cell: Status },
  { name: 'took', title: 'Took', number: true, cell: ({ durationMs }) => milliseconds(durationMs) },
  { name: 'time', title: 'When', number: true, cell: ({ time }) => html`<${Ago} time=${time} />` }
]

/** @param {{ name: string }} props the name of a route */
export function LastRequests ({ name }) {
  const { value, problem } = useAsked(`/requests?${new URLSearchParams({ route: name, limit: '8' })}`, { every })
  return html`
    <section class="card" aria-labelledby="last-title">
      <h2 id="last-title">Last requests</h2>
      ${problem?.status === 404 ? html`<p class="empty">The gateway keeps no requests: <code>console.requests</code> is 0.</p>`
        : value === undefined ? html`<${Asking} problem=${problem} />` : html`
          <${Table} caption="Last requests" columns=${columns} rows=${value.requests} keyOf=${({ id }) => id} empty="There was none yet." />
          <p><a href=${linkTo('requests', { route: name })}>Show all that are kept</a></p>`}
    </section>`
}

/** What the access log leaves out is not there. */
function Request ({ id, method = '', path = id }) {
  return html`<a class="break" href=${linkTo('requests', {}, id)}>${method} ${path}</a>`
}

function Status ({ reason, ...ended }) {
  return html`
    <${StateWord} kind=${kindOf(ended)}>${statusOf(ended)}<//>${reason !== undefined && html` <small class="dim">${reason}</small>`}`
}
