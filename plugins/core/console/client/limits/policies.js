/** The table of rate-limiting policies. */

import { html } from '../preact.js'
import { table } from '../live.js'
import { counted, figure, lasting } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'

const traffic = table('policies')

const columns = [
  { name: 'policy', title: 'Policy', cell: ({ policy }) => policy },
  { name: 'limit', title: 'Limit', cell: Limits },
  { name: 'algorithm', title: 'Algorithm', minor: true, cell: ({ algorithm }) => algorithm },
  { name: 'mode', title: 'Mode', minor: true, cell: Mode },
  { name: 'keys', title: 'Keys', number: true, minor: true, cell: ({ keys }) => figure(keys) },
  { name: 'limited', title: 'Rejected', number: true, hint: 'Requests per second in the last ten seconds', cell: Rate },
  { name: 'total', title: 'In all', number: true, hint: 'Since the start of the gateway', cell: ({ total }) => figure(total?.limited) }
]

/** @param {{ policies: object[] }} props as `GET /limits` says */
export function Policies ({ policies }) {
  const rows = policies.map(policy => ({ ...policy, ...traffic.value[policy.policy] && {
    rate: traffic.value[policy.policy].limited, total: traffic.value[policy.policy].total
  } }))
  return html`
    <section class="card" aria-labelledby="policies-title">
      <h2 id="policies-title">Policies</h2>
      <${Table} caption="Rate-limiting policies" columns=${columns} rows=${rows} keyOf=${({ policy }) => policy} />
    </section>`
}

function Limits ({ limits }) {
  return html`${limits.map(({ tier, limits: all }) => html`
    <div key=${tier}>${tier !== undefined && html`<span class="tag">${tier}</span> `}${all.map(wordsOf).join(' and ')}</div>`)}`
}

const units = { 1000: 'second', 60_000: 'minute', 3_600_000: 'hour', 86_400_000: 'day' }

function wordsOf ({ atOnce, limit, windowMs }) {
  return limit === undefined ? `${atOnce} in progress` : `${limit} per ${units[windowMs] ?? lasting(windowMs)}, ${atOnce} at once`
}

function Mode ({ mode, store }) {
  if (store?.up === false) return html`<${StateWord} kind="critical">the store does not respond<//>`
  const shared = store === undefined ? '' : `, shared by ${counted(store.gateways, 'gateway')}`
  return mode === 'enforce' ? `enforced${shared}` : html`<${StateWord} kind="notice">${mode}${shared}<//>`
}

function Rate ({ rate }) {
  return html`${figure(rate)}<span class="unit">/s</span>`
}
