/** What of the last requests was rejected or failed, by reason. */

import { html } from '../preact.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Table } from '../parts/table.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { Fault } from './errors.js'
import { byReason } from './reasons.js'

/** How often it is asked, in milliseconds: reading several hundred requests takes a moment. */
const every = 3000

/** @param {{ name: string }} props the name of a route */
export function Failures ({ name }) {
  const { value, problem } = useAsked(`/requests?${new URLSearchParams({ route: name, status: '4xx,5xx', limit: '500' })}`, { every })
  // The route is there where requests are kept.
  if (problem?.status === 404) return null
  return html`
    <section class="card" aria-labelledby="failures-title">
      <h2 id="failures-title">Rejected and failed</h2>
      ${value === undefined ? html`<${Asking} problem=${problem} />` : html`
        <${Table} caption="Rejected and failed requests by reason" columns=${columnsOf(name)} rows=${byReason(value.requests)}
          keyOf=${({ key }) => key} empty="None of the last requests was rejected or has failed." />
        ${value.requests.length > 0 && html`<p class="hint">Of the requests that the gateway still keeps.</p>`}`}
    </section>`
}

const columnsOf = route => [
  {
    name: 'reason',
    title: 'Reason',
    cell: ({ text, reason, status }) => html`
      <a href=${linkTo('requests', { route, reason, status: reason === undefined ? status : undefined })}>${text}</a>`
  },
  { name: 'by', title: 'Fault', cell: Whose },
  { name: 'count', title: 'Requests', number: true, by: ({ count }) => count, cell: ({ count }) => count },
  { name: 'newest', title: 'Last one', number: true, by: ({ last }) => last, cell: Last }
]

function Whose ({ fault, policy }) {
  return html`
    ${fault === undefined ? html`<span class="dim">none</span>` : html`<${Fault} fault=${fault} />`}
    ${policy !== undefined && html`, rejected by <span class="tag">${policy}</span>`}`
}

function Last ({ last, id }) {
  return html`<a href=${linkTo('requests', {}, id)}><${Ago} time=${last} /></a>`
}
