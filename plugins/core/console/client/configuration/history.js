/** The table of the latest configurations. */

import { html } from '../preact.js'
import { counted, none } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { results, triggerOf, whoOf } from './words.js'

const columns = [
  { name: 'number', title: 'No.', by: ({ number }) => number, cell: Link },
  { name: 'when', title: 'When', by: ({ at }) => at, cell: When },
  { name: 'result', title: 'Result', by: ({ result }) => result, cell: Result },
  { name: 'trigger', title: 'Trigger', minor: true, cell: Trigger },
  { name: 'by', title: 'By', minor: true, cell: record => whoOf(record) ?? html`<span class="dim">${none}</span>` },
  { name: 'changes', title: 'Changes', hint: 'Places added, removed and changed since the one that served before', cell: Changes },
  { name: 'generation', title: 'Generation', number: true, minor: true, cell: ({ generation }) => generation ?? none }
]

/** @param {{ records: object[] }} props as `GET /reloads` says, the newest first */
export function History ({ records }) {
  return html`
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <${Table} caption="Configurations" columns=${columns} rows=${records} keyOf=${({ number }) => String(number)} />
      <p class="hint">The latest 20 that served and 20 that were refused are kept in memory until the gateway restarts.</p>
    </section>`
}

function Link ({ number }) {
  return html`<a href=${linkTo('configuration', {}, String(number))} aria-label=${`Configuration ${number}`}>${number}</a>`
}

function When ({ at }) {
  return html`<span class="when"><${Ago} time=${Date.parse(at)} /></span>`
}

function Result ({ result }) {
  return html`<${StateWord} kind=${results[result]}>${result}<//>`
}

function Trigger (record) {
  return html`${triggerOf(record)}${record.reason !== undefined && html`<span class="dim break">: ${record.reason}</span>`}`
}

/** How much has changed. */
export function Changes ({ changes, problems }) {
  if (problems !== undefined) return html`<span class="delta">${counted(problems.length, 'problem')}</span>`
  if (changes === undefined) return html`<span class="dim">${none}</span>`
  const { added, removed, changed } = changes
  const parts = Object.entries({ added, removed, changed }).filter(([, count]) => count > 0)
  if (parts.length === 0) return html`<span class="dim">nothing</span>`
  return html`<span class="delta">${parts.map(([word, count], index) => html`
    ${index > 0 && ', '}<span key=${word} class=${word}>${count} ${word}</span>`)}</span>`
}
