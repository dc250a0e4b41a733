/** The outcome of a rehearsal, first and large. */

import { html, useRef } from '../preact.js'
import { now } from '../live.js'
import { StateWord } from '../parts/state-word.js'
import { Ago } from '../parts/times.js'
import { Linked } from './linked.js'
import { outcomeOf } from './outcome.js'

/**
 * @param {{ rehearsal: object, at: number, links: string[], again: () => void }} props `at` is when the gateway was asked, 0 where the page
 * did not know the time yet
 */
export function Outcome ({ rehearsal, at, links, again }) {
  const { outcome: { upstream, forwards }, route, unknown } = rehearsal
  const { kind, what, by } = outcomeOf(rehearsal)
  return html`
    <section class="card outcome ${kind}" aria-label="Outcome">
      ${unknown.length > 0 && html`<p class="banner"><${StateWord} kind="notice">Not certain<//>
        ${' '}A rehearsal cannot tell what ${unknown.join(' and ')} will decide. If the request is admitted:</p>`}
      <p role="status" class="what">
        <${StateWord} kind=${kind}><span class="hidden">Outcome: </span><span class="break">→ ${what}</span><//>
      </p>
      <p class="facts">
        ${by !== undefined && html`<span>by <strong>${by}</strong></span>`}
        <span>${route === undefined ? 'no route fits' : html`route <${Linked} to="routes" item=${route} links=${links} />`}</span>
        ${upstream !== undefined && html`<span>upstream <${Linked} to="upstreams" item=${upstream} links=${links} /></span>`}
        ${forwards === undefined && html`<span>nothing would be sent to a service</span>`}
        <span class="dim">with the state of <${Moment} key=${at} at=${at} /></span>
        <button type="button" class="quiet" onClick=${again}>Explain again</button>
      </p>
    </section>`
}

/** When the gateway was asked: by its own clock, which is not known in the first moment of the page. */
function Moment ({ at }) {
  const time = useRef(at)
  if (time.current === 0) time.current = now.value
  return time.current === 0 ? 'now' : html`<${Ago} time=${time.current} />`
}
