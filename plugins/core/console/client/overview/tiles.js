/** The figures of now. */

import { html } from '../preact.js'
import { bytes, clockTime, counted, figure, lasting, milliseconds, none } from '../parts/format.js'
import { Tile } from '../parts/tile.js'
import { about, gateway, now, seconds, table } from '../live.js'

const threads = table('threads')

export function Tiles () {
  const last = seconds.value.at(-1)
  const { generation, loadedAt, warnings = [] } = gateway.value ?? {}
  const { startedAt } = about.value ?? {}
  const all = Object.values(threads.value)
  return html`
    <dl class="tiles" aria-label="Figures of now">
      <${Tile} name="Requests" value=${figure(last?.requests)} unit="/s" />
      <${Tile} name="Errors" value=${figure(last && sum(last.errors))} unit="/s" detail=${last && faults(last.errors)} />
      <${Tile} name="Median" value=${milliseconds(last?.p50)} />
      <${Tile} name="95th percentile" value=${milliseconds(last?.p95)} detail=${`99th: ${milliseconds(last?.p99)}`} />
      <${Tile} name="In flight" value=${figure(last?.inFlight)} detail=${last && `on ${counted(last.connections, 'connection')}`} />
      <${Tile} name="Event-loop delay" value=${milliseconds(last?.loopDelay)} />
      <${Tile} name="Memory" value=${bytes(last?.memory)} />
      <${Tile} name="Generation" value=${generation ?? none} detail=${loadedAt && `since ${clockTime(Date.parse(loadedAt))}`} />
      <${Tile} name="Uptime" ...${uptime(startedAt, now.value)} />
      <${Tile} name="Threads" value=${generation === undefined ? none : Math.max(1, all.length)} detail=${states(all)} />
      ${warnings.length > 0 && html`<${Tile} name="Warnings" value=${warnings.length} detail="of the configuration" />`}
    </dl>`
}

/** The larger unit is the figure. Both together are too wide for a tile. */
function uptime (startedAt, now) {
  if (startedAt === undefined) return { value: none }
  const [count, unit, ...rest] = lasting(now - startedAt).split(' ')
  return { value: `${count} ${unit}`, detail: rest.length === 0 ? undefined : `and ${rest.join(' ')}` }
}

function sum (errors) {
  return Object.values(errors).reduce((all, count) => all + count, 0)
}

/** Whose fault they are. */
function faults (errors) {
  const words = Object.entries(errors).filter(([, count]) => count > 0).map(([fault, count]) => `${fault} ${figure(count)}`)
  return words.length === 0 ? 'none' : words.join(' · ')
}

function states (threads) {
  if (threads.length === 0) return 'one for everything'
  const others = threads.filter(({ state }) => state !== 'serving')
  return others.length === 0 ? 'all serve' : others.map(({ number, state }) => `${number} is ${state}`).join(' · ')
}
