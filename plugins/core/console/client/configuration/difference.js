/** What a configuration changed, as a diff and as a list of places. */

import { html } from '../preact.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Code } from '../parts/code.js'
import { clockTime, counted } from '../parts/format.js'
import { keepInPlace, place } from '../place.js'
import { before, comparable } from './words.js'

/** @param {{ records: object[], record: object }} props `records` as `GET /reloads` says */
export function Difference ({ records, record }) {
  const { number } = record
  const others = comparable(records, number)
  const former = before(records, record)
  const chosen = place.value.query.get('with') ?? ''
  const other = chosen === '' ? former?.number : chosen
  const { value, problem } = useAsked(other && `/reloads/${number}/diff?with=${other}`)
  return html`
    <section class="card differs" aria-labelledby="diff-title">
      <div class="head">
        <h2 id="diff-title">What differs</h2>
        ${others.length > 0 && html`<label class="compared"><span>Compared with</span>
          <select value=${chosen} onChange=${({ currentTarget }) => keepInPlace({ with: currentTarget.value })}>
            <option value="">${former === undefined ? 'none' : `${former.number}, which served before`}</option>
            ${others.filter(one => one !== former || chosen === String(one.number)).map(one => html`
              <option key=${one.number} value=${one.number}>${one.number}, of ${clockTime(Date.parse(one.at))}</option>`)}
          </select></label>`}
      </div>
      ${other === undefined
        ? html`<p class="empty">What served before is not kept${others.length > 0 && ': choose one to compare with'}.</p>`
        : value === undefined ? html`<${Asking} problem=${problem} />` : html`<${Found} ...${value} />`}
    </section>`
}

const signs = { added: '+', removed: '−', changed: '~' }

function Found ({ from, to, diff, places, more }) {
  if (diff === '') return html`<p class="empty" role="status">Nothing: ${from} and ${to} have the same effect.</p>`
  return html`
    <p role="status">From ${from} to ${to}, ${counted(places.length + more, 'place')} differ${places.length + more === 1 && 's'}:</p>
    <div class="found">
      <ul class="places" tabindex="0" aria-label="Places that differ">
        ${places.map(({ place: name, change }) => html`
          <li key=${name} class=${change}>
            <span aria-hidden="true">${signs[change]}</span><span class="mono break">${name}</span><span class="dim">${change}</span>
          </li>`)}
        ${more > 0 && html`<li class="dim">and ${counted(more, 'more place')}</li>`}
      </ul>
      <div><${Code} text=${diff} kind="diff" label=${`Difference from ${from} to ${to}`} /></div>
    </div>`
}
