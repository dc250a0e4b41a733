/** The story of one request. */

import { html } from '../preact.js'
import { useAsked } from '../parts/asked.js'
import { Asking } from '../parts/asking.js'
import { StateWord } from '../parts/state-word.js'
import { linkTo } from '../place.js'
import { Attempts } from './attempts.js'
import { Facts } from './facts.js'
import { kindOf, statusOf, urlOf } from '../parts/exchange.js'
import { PassedPolicies } from './passed-policies.js'
import { Waterfall } from './waterfall.js'

/** @param {{ id: string }} props */
export function Story ({ id }) {
  const { value: story, problem } = useAsked(`/requests/${encodeURIComponent(id)}`)
  if (problem?.status === 404) return html`<${Gone} problem=${problem} />`
  if (story === undefined) return html`<${Asking} problem=${problem} />`
  // An id such as `..` names another route to the browser.
  if (story.spans === undefined) return html`<${Gone} problem=${{ message: '' }} />`
  const { attempts, policies } = story
  return html`
    <div class="columns">
      <div>
        <${Told} story=${story} />
        ${policies.length > 0 && html`<${PassedPolicies} policies=${policies} />`}
        ${attempts.length > 0 && html`<${Attempts} story=${story} />`}
      </div>
      <${Facts} story=${story} />
    </div>
    <${Waterfall} story=${story} />`
}

function Told ({ story }) {
  const { method = '', words, reason, help, traceUrl } = story
  return html`
    <section class="card told" aria-labelledby="told-title">
      <h2 id="told-title" class="break">
        <${StateWord} kind=${kindOf(story)}>${statusOf(story)}<//> <span class="mono">${method} ${urlOf(story)}</span>
      </h2>
      <ol>${words.map((sentence, at) => html`<li key=${at}>${sentence}</li>`)}</ol>
      ${help !== undefined && html`<p><b>${reason}</b>: ${help.split('`').map(codeOrText)}</p>`}
      <p class="links">
        <${ExplainLink} story=${story} />
        ${traceUrl !== undefined && html`<a href=${traceUrl} target="_blank" rel="noreferrer">Open its trace</a>`}
      </p>
    </section>`
}

/** Every second part of a text between backticks is code. */
function codeOrText (text, at) {
  return at % 2 === 0 ? text : html`<code key=${at}>${text}</code>`
}

/** What is cut or hidden cannot be asked again. */
function ExplainLink ({ story }) {
  const { method, clientIp } = story
  const url = urlOf(story)
  if (method === undefined || url === undefined || /…|\[redacted\]/.test(method + url)) return null
  const ip = clientIp === '[redacted]' ? undefined : clientIp
  return html`<a href=${linkTo('explain', { method, url, ip })}>Explain this request</a>`
}

function Gone ({ problem: { message } }) {
  return html`
    <div class="card">
      <p>
        <${StateWord} kind="off">The gateway keeps no request with this id${/; thread .*$/.exec(message)?.[0]}.<//>
      </p>
      <p class="hint">
        Each thread keeps its last requests: <code>console.requests</code> says how many. Later ones replace them, and a restart forgets
        them. <a href=${linkTo('requests')}>Show those that are kept</a>
      </p>
    </div>`
}
