/** One configuration of the history: why it was loaded, what it changed, and the way back to it. */

import { html, useState } from '../preact.js'
import { clockTime } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Ago } from '../parts/times.js'
import { mayOperate } from '../session.js'
import { Difference } from './difference.js'
import { Effective } from './effective.js'
import { Changes } from './history.js'
import { Problems } from './refused-file.js'
import { RestoreDialog } from './restore-dialog.js'
import { results, triggerOf, whoOf } from './words.js'

/** @param {{ records: object[], number: number, again: () => void }} props `records` as `GET /reloads` says */
export function Earlier ({ records, number, again }) {
  const [restoring, restore] = useState(false)
  const record = records.find(other => other.number === number)
  if (record === undefined) return html`<p class="card empty">This configuration is not kept: there never was one, or it is forgotten.</p>`
  const { result, generation, problems } = record
  return html`
    <section class="card" aria-labelledby="about-title">
      <div class="head">
        <h2 id="about-title">
          <${StateWord} kind=${results[result]}>${result}<//>${generation !== undefined && ` as generation ${generation}`}
        </h2>
        ${mayOperate.value && result === 'served' && html`
          <button type="button" onClick=${() => restore(true)}>Serve this configuration again</button>`}
      </div>
      <${About} record=${record} />
    </section>
    ${problems === undefined
      ? html`<${Difference} records=${records} record=${record} />
        <${Effective} path=${`/reloads/${number}`} title="Effective configuration" />`
      : html`<section class="card refused" aria-labelledby="problems-title">
        <h2 id="problems-title">Why it was refused</h2>
        <${Problems} problems=${problems} />
      </section>`}
    ${restoring && html`<${RestoreDialog} number=${number} onClose=${() => { restore(false); again() }} />`}`
}

function About ({ record }) {
  const { at, reason } = record
  return html`
    <dl class="pairs">
      <dt>Loaded</dt>
      <dd><${Ago} time=${Date.parse(at)} /> <span class="dim">at ${clockTime(Date.parse(at))}</span></dd>
      <dt>Trigger</dt>
      <dd>${triggerOf(record)}</dd>
      ${record.by !== undefined && html`<dt>By</dt><dd>${whoOf(record)}</dd>`}
      ${reason !== undefined && html`<dt>Why</dt><dd>${reason}</dd>`}
      <dt>Changes</dt>
      <dd><${Changes} ...${record} /></dd>
    </dl>`
}
