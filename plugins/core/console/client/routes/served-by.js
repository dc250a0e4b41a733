/** What serves a route. */

import { html } from '../preact.js'
import { percent } from '../parts/format.js'
import { linkTo } from '../place.js'

/** @param {{ upstreams: { name: string, share?: number }[], text?: string }} props as `servedBy` says */
export function ServedBy ({ upstreams, text }) {
  if (upstreams.length === 0) return html`<span class="dim break">${text}</span>`
  return upstreams.map(({ name, share }, index) => html`
    ${index > 0 && ', '}<a key=${name} class="break" href=${linkTo('upstreams', {}, name)}>${name}</a>
    ${share !== undefined && html` <span class="dim part">${percent(share)}</span>`}`)
}
