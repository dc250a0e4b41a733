/** What serves now: from which file, since when, and by whose wish. */

import { html, useState } from '../preact.js'
import { ask } from '../api.js'
import { gateway } from '../live.js'
import { wordsOf } from '../parts/asking.js'
import { clockTime, counted } from '../parts/format.js'
import { announce } from '../parts/notice.js'
import { StateWord } from '../parts/state-word.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { mayOperate } from '../session.js'
import { triggerOf, warningOf, whoOf } from './words.js'

/** @param {{ known: object, again: () => void }} props `known` as `GET /reloads` says */
export function Now ({ known: { file, included, restored, reloads }, again }) {
  const serving = reloads.find(({ result }) => result === 'serving')
  const warnings = gateway.value?.warnings ?? []
  const { number, generation, at, reason } = serving
  return html`
    <section class="card" aria-labelledby="now-title">
      <div class="head"><h2 id="now-title">Serves now</h2>${mayOperate.value && html`<${Reload} again=${again} />`}</div>
      <dl class="pairs">
        ${restored !== undefined && html`
          <dt>State</dt>
          <dd><${StateWord} kind="notice">Configuration ${restored.number} serves again.<//>${' '}
            The file is the truth: this one serves until the file changes or is reloaded.</dd>`}
        <dt>File</dt>
        <dd>${file === undefined ? 'none: a program gave it' : html`<span class="mono">${file}</span>`}
          ${included > 0 && html` <span class="dim">and ${counted(included, 'included file')}</span>`}</dd>
        <dt>Configuration</dt>
        <dd><a href=${linkTo('configuration', {}, String(number))}>${number}</a>, generation ${generation}</dd>
        <dt>Loaded</dt>
        <dd><${Ago} time=${Date.parse(at)} /> <span class="dim">at ${clockTime(Date.parse(at))}</span></dd>
        <dt>Trigger</dt>
        <dd>${triggerOf(serving)}${serving.by !== undefined && `, by ${whoOf(serving)}`}${reason !== undefined && `: ${reason}`}</dd>
        <dt>Warnings</dt>
        <dd>${warnings.length === 0 ? 'none' : html`<ul>${warnings.map(line => html`<${Warning} key=${line} line=${line} />`)}</ul>`}</dd>
      </dl>
    </section>`
}

function Warning ({ line }) {
  const { place, text } = warningOf(line)
  return html`
    <li>${place !== undefined && html`<span class="mono dim break">${place}</span> `}<${StateWord} kind="warning">warning:<//> ${text}</li>`
}

function Reload ({ again }) {
  const [busy, setBusy] = useState(false)
  const reload = async () => {
    setBusy(true)
    try {
      await ask('/reload', { method: 'POST' })
      announce('The file was reloaded and serves.')
    } catch (problem) {
      announce(problem.status === 422 ? `The file was refused: ${problem.message}` : wordsOf(problem), 'warning')
    }
    setBusy(false)
    again()
  }
  return html`<button type="button" disabled=${busy} onClick=${reload}>Reload the file</button>`
}
