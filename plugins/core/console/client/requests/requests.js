/** The view that answers: what happened to the last requests, and why? */

import { html } from '../preact.js'
import { RequestList } from './request-list.js'
import { Story } from './story.js'

/** @param {{ item: string }} props the id of a request, or `''` for the list */
export function Requests ({ item }) {
  return item === '' ? html`<${RequestList} />` : html`<${Story} id=${item} />`
}
