/** Each target's gates, one by one, and its figures since the start. */

import { html } from '../preact.js'
import { hostOf } from '../parts/exchange.js'
import { figure, none, percent } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { Ago, Until } from '../parts/times.js'
import { gateName, kindOf } from './target-state.js'

const gateColumns = [
  { name: 'target', title: 'Target', cell: Target },
  { name: 'gate', title: 'Gate', cell: ({ gate }) => html`<span title=${gate}>${gateName(gate)}</span>` },
  { name: 'state', title: 'State', cell: row => html`<${StateWord} kind=${kindOf(row)}>${row.state}<//>` },
  { name: 'why', title: 'Why', cell: ({ why }) => html`<span class="break">${why}</span>` },
  { name: 'since', title: 'Since', number: true, cell: ({ since }) => html`<${Ago} time=${since} />` },
  { name: 'until', title: 'May open in', number: true, cell: ({ until }) => html`<${Until} time=${until} />` }
]

const totalColumns = [
  { name: 'target', title: 'Target', cell: Target },
  { name: 'attempts', title: 'Attempts', number: true, cell: ({ total }) => figure(total?.attempts) },
  { name: 'failed', title: 'Failed', number: true, cell: ({ total }) => figure(total?.errors) },
  { name: 'part', title: 'Part failed', number: true, cell: PartFailed }
]

const balancing = { name: 'balancing', title: 'The balancer says', minor: true, cell: row => row.balancing ?? none }

/** Of a group of rows the first one stands out. */
function Target ({ url, first = true }) {
  return html`<span class=${first ? 'mono cut' : 'mono cut dim'} title=${url}>${hostOf(url)}</span>`
}

function PartFailed ({ total }) {
  return total?.attempts > 0 ? percent(total.errors / total.attempts) : none
}

/** @param {{ upstream: object }} props */
export function Gates ({ upstream: { name, rows } }) {
  const totals = rows.some(row => row.balancing !== undefined) ? [...totalColumns, balancing] : totalColumns
  const gates = rows.flatMap(({ url, gates }) => gates.map((gate, index) => ({ ...gate, url, first: index === 0 })))
  return html`
    <section class="card gates" aria-labelledby="gates-title">
      <h2 id="gates-title">Gates</h2>
      <p class="hint">A request goes to a target when all its gates permit it.</p>
      <${Table} caption=${`Gates of ${name}`} columns=${gateColumns} rows=${gates} keyOf=${({ url, gate }) => `${url} ${gate}`}
        stateOf=${row => kindOf(row) === 'critical' ? 'critical' : undefined} empty="There is no target." />
    </section>
    <section class="card" aria-labelledby="totals-title">
      <h2 id="totals-title">Since the start of the gateway</h2>
      <${Table} caption=${`Totals of ${name}`} columns=${totals} rows=${rows} keyOf=${({ url }) => url} empty="There is no target." />
    </section>`
}
