/** The request of the form as commands to copy. */

import { html } from '../preact.js'
import { Code } from '../parts/code.js'
import { announce } from '../parts/notice.js'
import { curlOf, onedoorOf, originOf } from './commands.js'

/** @param {{ asked: object, config?: object }} props `config` says where clients connect */
export function Commands ({ asked, config }) {
  const origin = config === undefined ? undefined : originOf(config, location.hostname)
  return html`
    <section class="card commands" aria-labelledby="commands-title">
      <h2 id="commands-title">The same in a shell</h2>
      ${origin !== undefined && html`<${Command} title="Send it" text=${curlOf(asked, origin)} />`}
      <${Command} title="Explain it" text=${onedoorOf(asked)} />
    </section>`
}

function Command ({ title, text }) {
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    announce('Copied.')
  }
  return html`
    <div class="command">
      <p><span class="dim">${title}</span>
        ${navigator.clipboard !== undefined && html`
          <button type="button" class="quiet" aria-label=${`Copy: ${title}`} onClick=${copy}>Copy</button>`}</p>
      <${Code} text=${text} label=${title} />
    </div>`
}
