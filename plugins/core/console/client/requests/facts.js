/** What is known of a request, by names. */

import { html } from '../preact.js'
import { bytes, clockTime } from '../parts/format.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { fine } from '../parts/exchange.js'

/** @param {{ story: object }} props as `GET /requests/ID` tells it */
export function Facts ({ story }) {
  const { time, durationMs, upstreamMs, clientIp, protocol, route, policy, fault, upstream } = story
  const { bytesIn, bytesOut, generation, thread, traceId } = story
  const took = fine(durationMs)
  const facts = [
    ['Began', html`${clockTime(time)}, <${Ago} time=${time} />`],
    ['Took', upstreamMs === undefined ? took : `${took}, ${fine(upstreamMs)} of it upstream`],
    ['Client', clientIp],
    ['Protocol', protocol],
    ['Route', route === undefined ? 'none' : html`<a href=${linkTo('routes', {}, route)}>${route}</a>`],
    ['Upstream', upstream === undefined ? undefined : html`<a href=${linkTo('upstreams', {}, upstream)}>${upstream}</a>`],
    ['Refused by', policy],
    ['Fault of', fault],
    ['Request body', bytes(bytesIn)],
    ['Response body', bytesOut === undefined ? undefined : bytes(bytesOut)],
    ['Generation', generation],
    ['Thread', thread],
    ['Trace', traceId === undefined ? undefined : html`<span class="mono">${traceId}</span>`]
  ]
  return html`
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl class="pairs short">
        ${facts.filter(([, value]) => value !== undefined).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}
      </dl>
    </section>`
}
