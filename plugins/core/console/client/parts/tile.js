/** A figure with its name, one of several in a `dl` of class `tiles`. */

import { html } from '../preact.js'

/** @param {{ name: string, value: unknown, unit?: string, detail?: unknown }} props */
export function Tile ({ name, value, unit, detail }) {
  return html`
    <div>
      <dt>${name}</dt>
      <dd><span class="value">${value}</span>${unit && html`<span class="unit">${unit}</span>`}</dd>
      ${detail && html`<dd class="detail">${detail}</dd>`}
    </div>`
}
