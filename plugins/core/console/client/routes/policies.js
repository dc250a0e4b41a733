/** The policies that the requests of a route pass. */

import { html } from '../preact.js'
import { table } from '../live.js'
import { figure, none } from '../parts/format.js'
import { Table } from '../parts/table.js'
import { linkTo } from '../place.js'

const traffic = table('policies')

const columns = [
  { name: 'policy', title: 'Policy', cell: Policy },
  { name: 'now', title: 'Rejects', number: true, hint: 'In the last ten seconds', cell: Rate },
  { name: 'limited', title: 'Limited', number: true, hint: 'Since the start of the gateway', cell: ({ total }) => figure(total?.limited) },
  { name: 'refused', title: 'Refused', number: true, hint: 'Since the start of the gateway', cell: ({ total }) => figure(total?.refused) }
]

/** @param {{ chain: string[] }} props names in running order */
export function PoliciesOfRoute ({ chain }) {
  const rows = chain.map((policy, index) => ({ policy, step: index + 1, ...traffic.value[policy] }))
  return html`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Table} caption="Policies in running order" columns=${columns} rows=${rows} keyOf=${({ policy }) => policy}
        empty="Requests of this route pass no policy." />
      ${rows.length > 0 && html`
        <p class="hint">A request passes them in this order. The figures are those of all routes with the policy.</p>`}
    </section>`
}

function Policy ({ policy, step, total }) {
  // Only what limits has limited.
  const name = total?.limited > 0 ? html`<a href=${linkTo('limits', { filter: policy })}>${policy}</a>` : policy
  return html`<span class="dim">${step}.</span> ${name}`
}

function Rate ({ limited, refused }) {
  return limited === undefined ? none : html`${figure(limited + refused)}<span class="unit">/s</span>`
}
