/** Where the time of a request went. */

import { html } from '../preact.js'
import { barsOf } from './bars.js'
import { fine } from '../parts/exchange.js'

/** @param {{ story: object }} props as `GET /requests/ID` tells it */
export function Waterfall ({ story }) {
  const { durationMs, spans } = story
  // There is nothing to compare where no attempt was made.
  if (spans.length === 1) return null
  return html`
    <section class="card" aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">Where the time went</h2>
      <div class="scroll" role="group" aria-label="Parts of the request" tabindex="0">
        <table class="waterfall">
          <caption class="hidden">Parts of the request</caption>
          <thead><tr>
            <th scope="col">Part</th>
            <th scope="col" class="number minor">Began after</th>
            <th scope="col" class="number">Took</th>
            <th scope="col"><span class="axis"><i>0</i><i>${fine(durationMs / 2)}</i><i>${fine(durationMs)}</i></span></th>
          </tr></thead>
          <tbody>${barsOf(story).map((bar, at) => html`<${Bar} key=${at} ...${bar} />`)}</tbody>
        </table>
      </div>
    </section>`
}

function Bar ({ label, level, start, duration, left, width, tone }) {
  return html`
    <tr>
      <th scope="row" class=${`level-${level}`}>${label}</th>
      <td class="number minor">${fine(start)}</td>
      <td class="number">${fine(duration)}</td>
      <td><span class="track"><i class=${tone} style=${{ left: `min(${left}%, 100% - 2px)`, width: `${width}%` }}></i></span></td>
    </tr>`
}
