/** The targets of an upstream, row by row. */

import { html, useMemo } from '../preact.js'
import { hostOf } from '../parts/exchange.js'
import { figure, milliseconds, none, percent } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { Ago, Until } from '../parts/times.js'

const order = ['critical', 'warning', 'notice', 'off', 'good']

const columns = [
  { name: 'target', title: 'Target', by: ({ url }) => url, cell: Target },
  { name: 'state', title: 'State', by: ({ kind }) => order.indexOf(kind), cell: State },
  { name: 'weight', title: 'Weight', number: true, minor: true, by: ({ weight }) => weight, cell: ({ weight }) => figure(weight) },
  { name: 'share', title: 'Share', number: true, hint: 'Of the attempts in the last ten seconds', by: ({ share }) => share, cell: Share },
  { name: 'active', title: 'Active', number: true, hint: 'Attempts under way', by: ({ active }) => active, cell: ({ active }) => active },
  { name: 'rate', title: 'Rate', number: true, hint: 'Attempts per second in the last ten seconds', by: ({ rate }) => rate, cell: Rate },
  { name: 'errors', title: 'Failed', number: true, hint: 'Of the attempts of ten seconds', by: ({ failed }) => failed, cell: Failed },
  { name: 'p50', title: 'Median', number: true, minor: true, by: ({ p50 }) => p50, cell: ({ p50 }) => milliseconds(p50) },
  { name: 'p95', title: '95th', number: true, hint: '95th percentile', by: ({ p95 }) => p95, cell: ({ p95 }) => milliseconds(p95) },
  { name: 'probe', title: 'Last probe', minor: true, by: ({ lastProbe }) => lastProbe?.at, cell: Probe }
]

const keyOf = ({ url }) => url
const tintOf = ({ kind, failing }) => kind === 'critical' ? kind : failing ? 'warning' : undefined

/** @param {{ name: string, rows: object[], operates: boolean, onChange: (change: object) => void }} props */
export function Targets ({ name, rows, operates, onChange }) {
  // The same array as long as it may be: rows are drawn again when it changes.
  const all = useMemo(() => operates
    ? [...columns, { name: 'change', title: 'Change', cell: row => html`<${Buttons} row=${row} onChange=${onChange} />` }]
    : columns, [operates])
  return html`<${Table} caption=${`Targets of ${name}`} columns=${all} rows=${rows} keyOf=${keyOf} stateOf=${tintOf}
    empty="No target is known: none was found yet, or all have gone." />`
}

function Target ({ url, priority }) {
  const name = html`<span class="mono cut" title=${url}>${hostOf(url)}</span>`
  if (priority === undefined) return name
  return html`${name} <span class="tag" title="For when targets of lower numbers are not enough">reserve ${priority}</span>`
}

function State ({ kind, word, reasons }) {
  const [first, ...others] = reasons.map((reason, index) => html`<${Reason} key=${index} ...${reason} />`)
  return html`
    <${StateWord} kind=${kind}>${word}<//> ${first}
    ${others.map((other, index) => html`<div key=${index} class="dim">${other}</div>`)}`
}

function Reason ({ words, until, before }) {
  return html`
    <span class="break">${words}${until !== undefined && html`<span class="dim">; ${before} <${Until} time=${until} /></span>`}</span>`
}

function Share ({ share }) {
  if (share === null) return none
  return html`${percent(share)}<span class="bar"><i style=${{ width: `${Math.round(share * 100)}%` }}></i></span>`
}

function Rate ({ rate }) {
  return rate === null ? none : html`${figure(rate)}<span class="unit">/s</span>`
}

function Failed ({ failed, failing, errors }) {
  if (failed === null) return none
  const text = html`<span title=${`${figure(errors)} per second`}>${percent(failed)}</span>`
  return failing ? html`<${StateWord} kind="warning">${text}<//>` : text
}

function Probe ({ lastProbe, gates }) {
  if (lastProbe === undefined) return html`<span class="dim">none</span>`
  const { at, ok, ms, why } = lastProbe
  if (ok) return html`<span class="dim"><${Ago} time=${at} />, ${milliseconds(ms)}</span>`
  // A target that is closed for it says why there.
  const told = gates.some(({ gate, permits }) => gate === 'health-checks' && !permits)
  return html`<${StateWord} kind="warning">${told ? 'failed' : why}<//> <span class="dim"><${Ago} time=${at} />, ${milliseconds(ms)}</span>`
}

function Buttons ({ row, onChange }) {
  const { breaker, drained, upstream, url } = row
  const button = (kind, text, label) => html`
    <button type="button" class="quiet" aria-label=${`${label ?? text} ${url} of ${upstream}`} onClick=${() => onChange({ kind, row })}>
      ${text}
    </button>`
  return html`
    <span class="changes">${drained ? button('undrain', 'Undrain') : button('drain', 'Drain')}
    ${breaker === 'closed' && button('open', 'Open breaker', 'Open breaker of')}
    ${breaker !== undefined && breaker !== 'closed' && button('close', 'Close breaker', 'Close breaker of')}</span>`
}
