/** The name of an item of another view, as a link where there is that view. */

import { html } from '../preact.js'
import { linkTo } from '../place.js'

/** @param {{ to: string, item: string, links: string[] }} props */
export function Linked ({ to, item, links }) {
  if (!links.includes(to)) return html`<span class="break">${item}</span>`
  return html`<a class="break" href=${linkTo(to, {}, item)}>${item}</a>`
}
