/** What a change that an operator made has led to, in one line that goes away. */

import { html, signal } from '../preact.js'
import { StateWord } from './state-word.js'

const said = signal(undefined)

/** How long it stays, in milliseconds. */
const shown = 8000

let timer

/** Says it, to those who listen too. @param {string} text @param {'good'|'warning'} kind */
export function announce (text, kind = 'good') {
  clearTimeout(timer)
  said.value = { text, kind }
  timer = setTimeout(() => { said.value = undefined }, shown)
}

/** Where it is said. There is one, around all views. */
export function Notice () {
  return html`
    <div role="status" class="said">
      ${said.value !== undefined && html`<p><${StateWord} kind=${said.value.kind}>${said.value.text}<//></p>`}
    </div>`
}
