/** A state: a word, and a shape that says the same to those who do not see its colour. */

import { html } from '../preact.js'

const shapes = { good: '●', notice: '◆', warning: '▲', critical: '■', off: '○' }

/** @param {{ kind: 'good'|'notice'|'warning'|'critical'|'off', children: unknown }} props */
export function StateWord ({ kind, children }) {
  return html`<span class="state ${kind}"><span class="shape" aria-hidden="true">${shapes[kind]}</span> ${children}</span>`
}
