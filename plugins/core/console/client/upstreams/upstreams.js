/** The view that answers: which targets get requests, which do not, and why? */

import { html, useState } from '../preact.js'
import { Filter, fits } from '../parts/filter.js'
import { counted } from '../parts/format.js'
import { keepInPlace, linkTo, place } from '../place.js'
import { ChangeOf } from './changes.js'
import { Gates } from './gates.js'
import { areThere, upstreams } from './live-upstreams.js'
import { UpstreamCard } from './upstream-card.js'
import { narrowed } from './upstream-rows.js'

/** So many upstreams are shown at first: a browser needs a moment for each table. */
const shownAtFirst = 60

/** @param {{ item: string }} props `item` is the name of the upstream that is shown alone */
export function Upstreams ({ item }) {
  const [change, setChange] = useState()
  if (!areThere.value) return html`<p role="status" class="empty">Waiting for the gateway.</p>`
  const all = upstreams.value
  const one = item === '' ? undefined : all.find(({ name }) => name === item)
  if (item !== '' && one === undefined) {
    return html`<p class="card empty">There is no upstream ${item}. <a href=${linkTo('upstreams')}>All upstreams</a></p>`
  }
  return html`
    ${one === undefined
      ? html`<${All} all=${all} onChange=${setChange} />`
      : html`<${UpstreamCard} upstream=${one} alone=${true} onChange=${setChange} /><${Gates} upstream=${one} />`}
    ${change !== undefined && html`<${ChangeOf} ...${change} onClose=${() => setChange(undefined)} />`}`
}

function All ({ all, onChange }) {
  const [allShown, showAll] = useState(false)
  const { query } = place.value
  const onlyProblems = query.get('problems') === '1'
  const found = narrowed(all, (...texts) => fits(query.get('filter') ?? '', ...texts), onlyProblems)
  const shown = allShown ? found : found.slice(0, shownAtFirst)
  if (all.length === 0) return html`<p class="card empty">The configuration has no upstream.</p>`
  return html`
    <div class="tools">
      <${Filter} name="filter" label="Upstream, target or reason" />
      <label class="check">
        <input type="checkbox" checked=${onlyProblems}
          onChange=${({ currentTarget: { checked } }) => keepInPlace({ problems: checked ? '1' : '' })} /> Only with problems
      </label>
      <span class="count" role="status">${counted(found.length, 'upstream')}, ${wordsOf(found)}</span>
    </div>
    ${found.length === 0 && html`<p class="card empty">${onlyProblems ? 'No target has a problem.' : 'No upstream fits.'}</p>`}
    ${shown.map(upstream => html`<${UpstreamCard} key=${upstream.name} upstream=${upstream} onChange=${onChange} />`)}
    ${shown.length < found.length && html`
      <button type="button" onClick=${() => showAll(true)}>Show all ${found.length} upstreams</button>`}`
}

function wordsOf (found) {
  const rows = found.flatMap(({ rows }) => rows)
  const bad = rows.filter(({ problem }) => problem).length
  return `${counted(rows.length, 'target')}, ${bad === 0 ? 'none with a problem' : `${bad} with a problem`}`
}
