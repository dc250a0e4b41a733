/** The table of keys. */

import { html, useMemo } from '../preact.js'
import { none } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { Ago, Until } from '../parts/times.js'
import { mayOperate } from '../session.js'

/** @param {{ rows: object[], onReset: (row: object) => void }} props */
export function LimitedKeys ({ rows, onReset }) {
  const changes = mayOperate.value
  const columns = useMemo(() => [
    { name: 'key', title: 'Key', by: ({ key }) => key, cell: ({ key }) => html`<span class="mono break">${key}</span>` },
    { name: 'policy', title: 'Policy', by: ({ policy }) => policy, cell: Policy },
    { name: 'state', title: 'State', by: ({ limited }) => limited ? 0 : 1, cell: State },
    { name: 'left', title: 'Left', number: true, by: ({ left }) => left, cell: Left },
    { name: 'free', title: 'Next request in', number: true, by: ({ freeAt }) => freeAt, cell: Free },
    { name: 'full', title: 'All units in', number: true, minor: true, by: ({ fullAt }) => fullAt, cell: Full },
    ...changes ? [{ name: 'reset', title: 'Change', cell: row => html`<${ResetButton} row=${row} onReset=${onReset} />` }] : []
  ], [changes, onReset])
  return html`<${Table} caption="Limited keys" columns=${columns} rows=${rows} keyOf=${({ id }) => id} empty="No key is limited." />`
}

function Policy ({ policy, tier }) {
  return html`${policy}${tier !== undefined && html` <span class="tag">${tier}</span>`}`
}

function State ({ limited, seen }) {
  if (limited) return html`<${StateWord} kind="warning">limited<//>`
  return html`<${StateWord} kind="off">limited <${Ago} time=${seen} /><//>`
}

/** Of a key that is free again only the gateway knows. */
function Left ({ limited, left }) {
  return limited ? left : html`<span class="dim">${none}</span>`
}

function Free ({ limited, freeAt }) {
  return limited ? html`<${Until} time=${freeAt} />` : 'now'
}

function Full ({ limited, fullAt }) {
  return limited ? html`<${Until} time=${fullAt} />` : html`<span class="dim">${none}</span>`
}

function ResetButton ({ row, onReset }) {
  const { key, policy, resettable } = row
  if (!resettable) return html`<span class="dim" title="It counts requests in progress: a place is free when a request ends.">–</span>`
  return html`<button type="button" class="quiet" aria-label=${`Reset ${key} of ${policy}`} onClick=${() => onReset(row)}>Reset</button>`
}
