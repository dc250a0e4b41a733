/** The last requests, the newest first, live. */

import { html, useEffect, useRef, useState } from '../preact.js'
import { gateway } from '../live.js'
import { Asking, wordsOf } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Filter } from '../parts/filter.js'
import { counted } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { place } from '../place.js'
import { askedPath } from './asked-path.js'
import { knownRows } from './known-rows.js'
import { RequestTable } from './request-table.js'

const every = 1000

/** So many are asked for, and so many on demand: what the route gives at most. */
const [few, most] = [100, 500]

export function RequestList () {
  const [limit, setLimit] = useState(few)
  const [stopped, stop] = useState(false)
  const [pointed, point] = useState(false)
  const [missing, miss] = useState(false)
  // Reasons that were seen: they complete what is written, and are suggested.
  const reasons = useRef(new Set())
  const shown = useRef({})
  const { value: first } = useAsked(`/requests?limit=${most}`)
  const { value: routes = [] } = useAsked('/routes', { after: gateway.value?.generation })
  const note = ({ requests }) => { for (const { reason } of requests) if (reason !== undefined) reasons.current.add(reason) }
  if (first !== undefined) note(first)
  const names = { reasons: [...reasons.current], routes: routes.map(({ name }) => name) }
  const path = askedPath(place.value.query, names, limit)
  const held = (stopped || pointed) && shown.current.path === path
  const { value, problem } = useAsked(held ? undefined : path, { every: missing ? undefined : every, after: gateway.value?.generation })
  useEffect(() => { if (!held) miss(problem?.status === 404) }, [held, problem])
  if (value !== undefined && value !== shown.current.value) {
    shown.current = { path, value, requests: knownRows(shown.current.requests ?? [], value.requests) }
    note(value)
  }
  if (missing || problem?.status === 404) return html`<${NoneKept} />`
  // What was shown stays until there is an answer to another filter, so that nothing jumps.
  const { value: answer, requests } = shown.current
  if (answer === undefined) return html`<${Asking} problem=${problem} />`
  const { silentThreads = [] } = answer
  return html`
    <div class="tools">
      <${Filter} name="status" label="Status" placeholder="404, 5xx" suggestions=${['2xx', '3xx', '4xx', '5xx', '429', '499']} />
      <${Filter} name="reason" label="Reason" placeholder="rate-limited" suggestions=${names.reasons} />
      <${Filter} name="route" label="Route" suggestions=${names.routes} />
      <${Filter} name="id" label="Id" placeholder="from its beginning" />
      <${Liveness} stopped=${stopped} pointed=${pointed} onStop=${() => stop(!stopped)} />
    </div>
    ${problem?.status === 400 && html`<p class="problem" role="alert">${wordsOf(problem)}</p>`}
    ${silentThreads.length > 0 && html`<p role="status" class="silent"><${StateWord} kind="warning">${silence(silentThreads)}<//></p>`}
    <div class="card requests" onPointerOver=${({ target }) => point(target.closest('tbody') !== null)} onPointerLeave=${() => point(false)}
      onFocusIn=${({ target }) => point(target.closest('tbody') !== null)} onFocusOut=${() => point(false)}>
      <${RequestTable} requests=${requests} filtered=${[...place.value.query.keys()].some(name => name !== 'sort')} />
      ${requests.length > 0 && html`<p class="hint">
        The newest ${counted(requests.length, 'request')}; one appears when it has ended. Failed and rejected ones are kept apart from the
        others, so that no rush of successes hides them.
        ${requests.length === few && limit === few && html`
          ${' '}<button type="button" class="quiet" onClick=${() => setLimit(most)}>Show up to ${most}</button>`}
      </p>`}
    </div>`
}

/** Whether the list moves, and the button that stops it. */
function Liveness ({ stopped, pointed, onStop }) {
  return html`
    <div class="liveness">
      <span role="status">
        ${stopped ? html`<${StateWord} kind="notice">held<//>`
          : pointed ? html`<${StateWord} kind="notice">held while you are at a row<//>` : html`<${StateWord} kind="good">live<//>`}
      </span>
      <button type="button" onClick=${onStop}>${stopped ? 'Go on' : 'Hold'}</button>
    </div>`
}

function silence (threads) {
  return `${threads.length === 1 ? 'Thread' : 'Threads'} ${threads.join(', ')} did not respond within a second: ` +
    `${threads.length === 1 ? 'its' : 'their'} requests are missing here.`
}

/** The route is there where requests are kept. */
function NoneKept () {
  return html`
    <p class="card empty">No requests are kept: the configuration has <code>console.requests: 0</code>. A number there, such as 300, is
      how many each thread keeps of those that went well, and as many of those that failed or were rejected.</p>`
}
