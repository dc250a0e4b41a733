/** The table of requests. */

import { html } from '../preact.js'
import { clockTime, milliseconds } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { linkTo } from '../place.js'
import { keyOf } from './known-rows.js'
import { hostOf, kindOf, statusOf, triesOf, urlOf } from '../parts/exchange.js'

const columns = [
  { name: 'time', title: 'Ended', hint: 'When its response ended', by: endOf, cell: Ended },
  { name: 'request', title: 'Request', cell: Asked },
  { name: 'status', title: 'Status', by: ({ status }) => status, cell: Status },
  { name: 'duration', title: 'Took', number: true, by: ({ durationMs }) => durationMs, cell: ({ durationMs }) => milliseconds(durationMs) },
  { name: 'reason', title: 'Reason', minor: true, cell: Reason },
  { name: 'route', title: 'Route', minor: true, cell: RouteName },
  { name: 'target', title: 'Target', minor: true, hint: 'Where the last attempt went', cell: Target },
  { name: 'client', title: 'Client', minor: true, cell: ({ clientIp }) => html`<span class="cut" title=${clientIp}>${clientIp}</span>` }
]

const withThreads = [...columns, { name: 'thread', title: 'Thread', number: true, minor: true, cell: ({ thread }) => thread }]

/** @param {{ requests: object[], filtered: boolean }} props as `GET /requests` lists them, the newest first */
export function RequestTable ({ requests, filtered }) {
  const threaded = requests.some(({ thread }) => thread !== undefined)
  return html`
    <${Table} caption="Last requests" columns=${threaded ? withThreads : columns} rows=${requests} keyOf=${keyOf} sort="-time"
      empty=${filtered ? 'No request that is kept fits.' : 'No request has ended yet.'} />`
}

/** Requests are kept, and come, when they have ended. */
function endOf ({ time, durationMs }) {
  return time + durationMs
}

function Ended (request) {
  const end = endOf(request)
  return html`<time dateTime=${new Date(end).toISOString()}>${clockTime(end)}</time>`
}

function Asked (request) {
  const { id, method = '' } = request
  const url = urlOf(request) ?? `request ${id}`
  return html`<a class="cut asked" href=${linkTo('requests', {}, id)} title=${`${method} ${url}`}><b>${method}</b> ${url}</a>`
}

function Status (request) {
  return html`<span class="cut" title=${statusOf(request)}><${StateWord} kind=${kindOf(request)}>${statusOf(request)}<//></span>`
}

function Reason ({ reason, policy }) {
  if (reason === undefined) return null
  return html`<span class="cut" title=${policy === undefined ? reason : `${reason} by ${policy}`}>
    ${reason}${policy !== undefined && html` <span class="dim">by ${policy}</span>`}</span>`
}

function RouteName ({ route }) {
  return route === undefined ? html`<span class="dim">none</span>`
    : html`<a class="cut" href=${linkTo('routes', {}, route)} title=${route}>${route}</a>`
}

function Target (request) {
  const { target, upstream = '' } = request
  if (target === undefined) return null
  const tries = triesOf(request)
  return html`<span class="cut" title=${`${upstream} ${target}`}>
    ${hostOf(target)}${tries > 1 && html` <span class="tag" title=${`${tries} attempts`}>×${tries}</span>`}</span>`
}
