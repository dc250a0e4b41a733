/** Where a route is written, what it takes and what serves it. */

import { html } from '../preact.js'
import { linkTo } from '../place.js'
import { sampleOf, servedBy } from './rows.js'
import { ServedBy } from './served-by.js'

/** @param {{ route: object }} props as `GET /routes` says */
export function RouteCard ({ route }) {
  const { path, methods = [], host, place, plugin, priority } = route
  return html`
    <section class="card" aria-label="Route">
      <dl class="pairs">
        <dt>Path</dt><dd><code>${path}</code></dd>
        <dt>Methods</dt>
        <dd>${methods.length === 0 ? 'any' : methods.map(method => html`<span key=${method} class="tag">${method}</span> `)}</dd>
        ${host !== undefined && html`<dt>Host</dt><dd>${[host].flat().join(', ')}</dd>`}
        <dt>Served by</dt><dd><${ServedBy} ...${servedBy(route)} /></dd>
        ${priority !== undefined && html`<dt>Priority</dt><dd>${priority}</dd>`}
        ${place !== undefined && html`<dt>Written in</dt><dd><code>${place}</code></dd>`}
        ${plugin !== undefined && html`<dt>Added by</dt><dd>${plugin}</dd>`}
      </dl>
      <p><a href=${linkTo('explain', sampleOf(route))}>Explain a request to this route</a></p>
    </section>`
}
