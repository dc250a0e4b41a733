/** The page of one route: what it does, what it is, and what goes wrong there. */

import { html } from '../preact.js'
import { gateway } from '../live.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { linkTo } from '../place.js'
import { Failures } from './failures.js'
import { LastRequests } from './last-requests.js'
import { PoliciesOfRoute } from './policies.js'
import { RouteCard } from './route-card.js'
import { RouteTiles } from './route-tiles.js'
import { noRoute } from './rows.js'
import { WrittenRoute } from './written-route.js'

/** @param {{ name: string }} props */
export function RoutePage ({ name }) {
  return name === noRoute ? html`<${Unserved} />` : html`<${OneRoute} name=${name} />`
}

function OneRoute ({ name }) {
  const generation = gateway.value?.generation
  const path = generation === undefined ? undefined : `/routes?${new URLSearchParams({ name })}`
  const { value: routes, problem } = useAsked(path, { after: generation })
  if (routes === undefined) return html`<${Asking} problem=${problem} />`
  if (routes.length === 0) return html`
    <p class="card empty">The configuration has no route with this name. <a href=${linkTo('routes')}>Show all routes</a></p>`
  return html`
    ${routes.length > 1 && html`
      <p class="card empty">${routes.length} routes have this name: their requests are counted together. Give each a name of its own.</p>`}
    <${RouteTiles} name=${name} />
    <div class="columns route">
      <div>
        ${routes.map((route, index) => html`<${RouteCard} key=${index} route=${route} />`)}
        ${routes.some(({ plugin }) => plugin === undefined) && html`<${WrittenRoute} name=${name} />`}
      </div>
      <div>
        <${PoliciesOfRoute} chain=${routes[0].chain} />
        <${Failures} name=${name} />
        <${LastRequests} name=${name} />
      </div>
    </div>`
}

function Unserved () {
  return html`
    <p class="card empty">
      No route of the configuration served these requests: none fits their path, method, host or conditions, or the gateway rejected
      them before it chose one.
    </p>
    <${RouteTiles} name=${noRoute} />
    <div class="columns route"><${Failures} name=${noRoute} /><${LastRequests} name=${noRoute} /></div>`
}
