/** What a rehearsal has found: the outcome, the routes, the decisions, and the request that would be sent. */

import { html } from '../preact.js'
import { gateway } from '../live.js'
import { useAsked } from '../parts/asked.js'
import { StateWord } from '../parts/state-word.js'
import { Table } from '../parts/table.js'
import { linkTo } from '../place.js'
import { Commands } from './commands-card.js'
import { Linked } from './linked.js'
import { fieldsOf, kindOf, placeOf } from './outcome.js'
import { Outcome } from './outcome-card.js'

/** @param {{ answer: { asked: object, rehearsal: object, at: number }, links: string[], again: () => void }} props */
export function Answer ({ answer: { asked, rehearsal, at }, links, again }) {
  const { generation } = gateway.value ?? {}
  // Which policy is a limit, and where clients connect.
  const { value: config } = useAsked(generation === undefined ? undefined : '/config', { after: generation })
  const { candidates, decisions, outcome } = rehearsal
  const sent = outcome.forwards !== undefined
  const commands = html`<${Commands} key="commands" asked=${asked} config=${config} />`
  return html`
    <${Outcome} rehearsal=${rehearsal} at=${at} links=${links} again=${again} />
    <div class="columns explained">
      <div>
        <section class="card" aria-labelledby="routes-title">
          <h2 id="routes-title">Routes whose path fits</h2>
          <${Table} caption="Routes" columns=${routeColumns(links)} rows=${numbered(candidates)} keyOf=${keyOf}
            empty="No route of the configuration has this path." />
        </section>
        <section class="card" aria-labelledby="decisions-title">
          <h2 id="decisions-title">Decisions, in order</h2>
          <${Table} caption="Decisions" columns=${decisionColumns(outcome, config, links)} rows=${numbered(decisions)} keyOf=${keyOf}
            empty="Nothing had to be decided." />
        </section>
        ${sent && commands}
      </div>
      <div>${sent ? html`<${Sent} rehearsal=${rehearsal} asked=${asked} />` : commands}</div>
    </div>`
}

function Sent ({ rehearsal: { outcome: { forwards } }, asked }) {
  return html`
    <section class="card" aria-labelledby="sent-title">
      <h2 id="sent-title">What would be sent</h2>
      <p class="mono break">${forwards.method} ${forwards.path}</p>
      <${Table} caption="Header fields" columns=${fieldColumns} rows=${fieldsOf(forwards, asked.headers)} keyOf=${({ id }) => id} />
    </section>`
}

const fieldColumns = [
  { name: 'name', title: 'Field', cell: Name },
  { name: 'origin', title: 'Origin', minor: true, hint: 'Compared with what was entered', cell: Origin },
  { name: 'value', title: 'Value', cell: Value }
]

/** Where there is little room, the origin stands below the name. */
function Name (field) {
  return html`<span class="mono whole">${field.name}</span><div class="below"><${Origin} ...${field} /></div>`
}

function Value ({ origin, value }) {
  if (origin === 'dropped') return html`<span class="dim">–</span>`
  return html`<span class="mono break">${value}</span>`
}

function Origin ({ origin }) {
  if (origin === 'entered') return html`<span class="dim whole">as entered</span>`
  if (origin === 'hidden') return html`<span class="dim whole">not shown</span>`
  if (origin === 'dropped') return html`<${StateWord} kind="off">not sent<//>`
  return html`<${StateWord} kind=${origin === 'added' ? 'notice' : 'warning'}>${origin}<//>`
}

function routeColumns (links) {
  return [
    { name: 'route', title: 'Route', cell: ({ route }) => html`<${Linked} to="routes" item=${route} links=${links} />` },
    { name: 'verdict', title: 'Verdict', cell: Verdict },
    { name: 'why', title: 'Why', cell: Why }
  ]
}

function decisionColumns (outcome, config, links) {
  const By = row => {
    const { view, item, parameters } = placeOf(row, outcome, config?.policies) ?? {}
    if (!links.includes(view)) return html`<span class="by">${row.by}</span>`
    return html`<a class="by" href=${linkTo(view, parameters, item)}>${row.by}</a>`
  }
  return [
    { name: 'by', title: 'By', cell: By },
    { name: 'verdict', title: 'Verdict', cell: Verdict },
    { name: 'why', title: 'Why', cell: Why }
  ]
}

function Verdict ({ verdict }) {
  return html`<${StateWord} kind=${kindOf(verdict)}>${verdict}<//>`
}

function Why ({ why }) {
  return html`<span class="break">${why}</span>`
}

function numbered (rows) {
  return rows.map((row, index) => ({ ...row, id: String(index) }))
}

function keyOf ({ id }) {
  return id
}
