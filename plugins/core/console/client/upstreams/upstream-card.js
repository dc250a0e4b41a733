/** An upstream: what holds for all of it, and its targets. */

import { html } from '../preact.js'
import { figure } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { steady } from '../parts/steady.js'
import { linkTo } from '../place.js'
import { mayOperate } from '../session.js'
import { Targets } from './targets.js'
import { openness, sumOf } from './upstream-rows.js'

/**
 * @param {{ upstream: object, alone?: boolean, onChange: (change: object) => void }} props
 * `alone` on the page that is about this one only
 */
export function UpstreamCard ({ upstream, alone = false, onChange }) {
  return html`<${Card} upstream=${upstream} alone=${alone} operates=${mayOperate.value} onChange=${onChange} />`
}

const Card = steady(({ upstream, alone, operates, onChange }) => html`
  <section class="card upstream" aria-label=${`Upstream ${upstream.name}`}>
    <header>
      <h2>${alone ? 'Targets' : html`<a href=${linkTo('upstreams', {}, upstream.name)}>${upstream.name}</a>`}</h2>
      <${Openness} upstream=${upstream} />
      <${Facts} upstream=${upstream} alone=${alone} />
      <${Figures} upstream=${upstream} alone=${alone} />
    </header>
    <${Targets} name=${upstream.name} rows=${upstream.rows} operates=${operates} onChange=${onChange} />
  </section>`)

function Openness ({ upstream }) {
  const { kind, words } = openness(upstream)
  return html`<${StateWord} kind=${kind}>${words}<//>`
}

function Facts ({ upstream: { balance, fallback, limit, retries }, alone }) {
  return html`
    <span class="facts-of">
      <span title="How a target is selected">${balance}</span>
      ${retries !== undefined && html`<span title="Attempts of a request, the first one included">${attempts(retries, alone)}</span>`}
      ${fallback !== undefined && html`<span>falls back to <a href=${linkTo('upstreams', {}, fallback)}>${fallback}</a></span>`}
      ${limit !== undefined && html`<span title="Adaptive concurrency">${limit.active} of ${limit.limit} places taken</span>`}
    </span>`
}

function attempts ({ attempts, extra, saved }, alone) {
  if (attempts === 1) return 'no retries'
  return `up to ${attempts} attempts${alone ? `, ${extra} extra ones under way, ${saved} saved` : ''}`
}

/** Figures of all targets together. */
function Figures ({ upstream: { rows }, alone }) {
  const { active, attempts, errors, rate } = sumOf(rows)
  return html`
    <span class="sums">
      <span><b>${figure(rate)}</b>/s</span>
      <span><b>${active}</b> active</span>
      ${alone && html`
        <span title="Since the start of the gateway"><b>${figure(attempts)}</b> attempts in all, <b>${figure(errors)}</b> failed</span>`}
    </span>`
}
