/** The table of routes. */

import { html } from '../preact.js'
import { figure, milliseconds, none } from '../parts/format.js'
import { Table } from '../parts/table.js'
import { Ago } from '../parts/times.js'
import { linkTo } from '../place.js'
import { Errors } from './errors.js'
import { noRouteText } from './rows.js'
import { ServedBy } from './served-by.js'

/** A column of figures. What no route served has no value to sort by, so that it is the last row. */
const numbers = (name, title, of, cell, more = {}) => ({
  name,
  title,
  number: true,
  by: ({ route, figures }) => route && figures && of(figures),
  cell: ({ figures }) => cell(figures && of(figures)),
  ...more
})
const words = (name, title, by, cell, more = {}) => ({ name, title, by: row => row.route && by(row), cell, ...more })

/** Where there is nothing to look at, the eye shall not stop. */
const counted = count => count > 0 ? figure(count) : html`<span class="dim">${figure(count)}</span>`
const nothing = html`<span class="dim">${none}</span>`
const lasted = value => value === null || value === undefined ? nothing : milliseconds(value)
const when = time => time === null || time === undefined ? nothing : html`<${Ago} time=${time} />`

const recent = 'In the last ten seconds'
const sinceStart = 'since the start of the gateway'

const columns = [
  words('route', 'Route', ({ name }) => name, Name),
  words('served', 'Served by', ({ served: { upstreams, text } }) => upstreams[0]?.name ?? text, Served, { minor: true }),
  {
    name: 'rate',
    title: 'Rate',
    number: true,
    hint: 'Requests per second in the last ten seconds',
    by: ({ route, order }) => route && order,
    cell: ({ figures }) => figures === undefined ? nothing : html`${figure(figures.rate)}<span class="unit">/s</span>`
  },
  {
    name: 'errors',
    title: 'Errors',
    number: true,
    hint: 'The part of the requests of the last ten seconds that failed, and whose fault most of that is',
    by: ({ route, errors }) => route && errors?.share,
    cell: ({ errors }) => html`<${Errors} errors=${errors} />`
  },
  numbers('p50', 'Median', ({ p50 }) => p50, lasted, { minor: true, hint: recent }),
  numbers('p95', '95th', ({ p95 }) => p95, lasted, { hint: '95th percentile, in the last ten seconds' }),
  numbers('last', 'Last request', ({ lastRequest }) => lastRequest, when, { minor: true }),
  numbers('limited', 'Limited', ({ total }) => total.limited, counted, { minor: true, hint: `By rate limits, ${sinceStart}` }),
  numbers('refused', 'Refused', ({ total }) => total.refused, counted, { minor: true, hint: `By other policies, ${sinceStart}` }),
  words('policies', 'Policies', ({ route }) => route.policies.join(' ') || undefined, Policies, { minor: true })
]

/** @param {{ rows: object[], empty: string }} props as `rowMaker` makes them */
export function RouteTable ({ rows, empty }) {
  return html`<${Table} caption="Routes" columns=${columns} rows=${rows} keyOf=${({ id }) => id} sort="-rate" empty=${empty} />`
}

function Name ({ name, route }) {
  const { path, methods = [], host, priority = 'normal' } = route ?? {}
  return html`
    <a class="break" href=${linkTo('routes', {}, name)}>${name}</a>
    ${methods.map(method => html` <span key=${method} class="tag">${method}</span>`)}
    ${priority !== 'normal' && html` <span class="tag">${priority} priority</span>`}
    <${Where} path=${path === name ? undefined : path} host=${host} />
    ${route === undefined && html`<small>${noRouteText}</small>`}`
}

function Where ({ path, host }) {
  const texts = [path, host === undefined ? undefined : `at ${[host].flat().join(', ')}`].filter(Boolean)
  return texts.length > 0 && html`<small class="break">${texts.join(' ')}</small>`
}

function Served ({ served }) {
  return served === undefined ? html`<span class="dim">no route</span>` : html`<${ServedBy} ...${served} />`
}

function Policies ({ route }) {
  const { policies = [] } = route ?? {}
  if (policies.length === 0) return nothing
  return policies.map(policy => html`<span key=${policy} class="tag">${policy}</span> `)
}
