/** The policies on the way of a request, and what each decided. */

import { html } from '../preact.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'

const verdicts = {
  passed: ['good', 'passed'],
  refused: ['warning', 'refused it'],
  after: ['off', 'after the refusal'],
  unknown: ['off', 'not known']
}

const columns = [
  { name: 'policy', title: 'Policy', cell: ({ name }) => name },
  { name: 'plugin', title: 'Plugin', minor: true, cell: ({ plugin }) => html`<span class="dim">${plugin}</span>` },
  { name: 'verdict', title: 'Verdict', cell: Verdict }
]

/** @param {{ policies: object[] }} props in running order, as `GET /requests/ID` tells them */
export function PassedPolicies ({ policies }) {
  return html`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Table} caption="Policies" columns=${columns} rows=${policies} keyOf=${({ name }) => name} />
      <p class="hint">In running order, by the configuration that served the request.</p>
    </section>`
}

function Verdict ({ verdict = 'unknown' }) {
  const [kind, words] = verdicts[verdict]
  return html`<${StateWord} kind=${kind}>${words}<//>`
}
