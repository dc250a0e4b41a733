/** The attempts of a request, one after the other. */

import { html } from '../preact.js'
import { none } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { fine, hostOf, kindOf } from '../parts/exchange.js'

/** @param {{ story: object }} props as `GET /requests/ID` tells it */
export function Attempts ({ story: { attempts, attemptsLeftOut = 0, durationMs } }) {
  const last = attempts.length - 1
  const rows = attempts.map((attempt, at) => ({ ...attempt, number: at + 1 + (at === last ? attemptsLeftOut : 0), durationMs }))
  return html`
    <section class="card attempts" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Attempts</h2>
      <${Table} caption="Attempts" columns=${columns} rows=${rows} keyOf=${({ number }) => String(number)} />
      ${attemptsLeftOut > 0 && html`<p class="hint">${attemptsLeftOut} between the last one and those before it are not kept.</p>`}
    </section>`
}

const columns = [
  { name: 'number', title: 'No.', cell: ({ number }) => number },
  { name: 'target', title: 'Target', cell: ({ target }) => target === undefined ? none : hostOf(target) },
  { name: 'kind', title: 'Kind', minor: true, cell: ({ kind }) => kind },
  { name: 'result', title: 'Result', cell: Result },
  { name: 'started', title: 'Began after', number: true, minor: true, cell: ({ started }) => fine(started) },
  { name: 'answered', title: 'Headers after', number: true, minor: true, hint: 'From its start to those of the response', cell: Answered },
  { name: 'took', title: 'Took', number: true, minor: true, cell: Took }
]

function Result ({ answered, ended, failure, status }) {
  if (failure !== undefined) return html`<${StateWord} kind="critical">${status === undefined ? failure : `${status}, then ${failure}`}<//>`
  if (status !== undefined) return html`<${StateWord} kind=${kindOf({ status })}>${status}<//>`
  return html`<${StateWord} kind="off">${ended === undefined || answered === undefined ? 'given up' : 'answered'}<//>`
}

function Answered ({ started, answered }) {
  return answered === undefined ? none : fine(answered - started)
}

function Took ({ started, ended, durationMs }) {
  return fine((ended ?? durationMs) - started)
}
