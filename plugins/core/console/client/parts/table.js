/** A table whose columns can be sorted. */

import { html, useRef, useState } from '../preact.js'
import { keepInPlace, place } from '../place.js'
import { inOrder, nextSorting, sortedBy, sortingOf } from './sorting.js'
import { steady } from './steady.js'

/** So many rows are shown at first: a browser needs a second for a thousand. */
const rowsAtFirst = 200

/**
 * A column has `name` and `title`; `cell` gives what a row shows. With `by`, which gives a number or a text, it can be sorted. Figures
 * (`number`) stand on the right. What is `minor` is left out where there is little room. `hint` explains the title.
 *
 * The order is in the place as `sort`, so that a link has it; `sort` is the one for a place without. Cells are drawn again only when
 * their row is another object: what shows the time reads the signal in a component of its own.
 *
 * @param {{ caption: string, columns: { name: string, title: string, cell: (row: object) => unknown, by?: (row: object) => unknown,
 *   number?: boolean, minor?: boolean, hint?: string }[], rows: object[], keyOf: (row: object) => string, sort?: string, empty?: string,
 *   stateOf?: (row: object) => string | undefined }} props
 * `caption` is for those who do not see the heading above; `stateOf` gives a row a class, such as `critical`
 */
export function Table ({ caption, columns, rows, keyOf, sort = '', empty = 'There is none.', stateOf = () => undefined }) {
  const [allShown, showAll] = useState(false)
  const held = useRef(undefined)
  const sorting = place.value.query.get('sort') ?? sort
  const { name, descending } = sortingOf(sorting)
  const by = columns.find(column => column.name === name)?.by
  const sorted = by === undefined ? rows : sortedBy(rows, by, descending)
  const ordered = held.current === undefined ? sorted : inOrder(held.current, sorted, keyOf)
  const shown = allShown ? ordered : ordered.slice(0, rowsAtFirst)
  // A row under the pointer must not move away before the click.
  const hold = () => { held.current ??= ordered.map(keyOf) }
  const release = () => { held.current = undefined }
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`
  return html`
    <div class="scroll" role="group" aria-label=${caption} tabindex="0">
      <table>
        <caption class="hidden">${caption}</caption>
        <thead><tr>${columns.map(column => html`<${Heading} key=${column.name} column=${column} sorting=${sorting} />`)}</tr></thead>
        <tbody onPointerEnter=${hold} onPointerLeave=${release} onFocusIn=${hold} onFocusOut=${release}>
          ${shown.map(row => html`<${Row} key=${keyOf(row)} row=${row} columns=${columns} state=${stateOf(row)} />`)}
        </tbody>
      </table>
    </div>
    ${shown.length < ordered.length && html`
      <button type="button" class="more" onClick=${() => showAll(true)}>Show all ${ordered.length} rows</button>`}`
}

function Heading ({ column, sorting }) {
  const { name: sorted, descending } = sortingOf(sorting)
  const current = sorted === column.name
  const order = current ? descending ? 'descending' : 'ascending' : undefined
  return html`
    <th scope="col" class=${classOf(column)} title=${column.hint} aria-sort=${order}>
      ${column.by === undefined ? column.title : html`
        <button type="button" class="sort" onClick=${() => keepInPlace({ sort: nextSorting(column, sorting) })}>
          ${column.title}<span class="arrow" aria-hidden="true">${current ? descending ? '▼' : '▲' : ''}</span>
        </button>`}
    </th>`
}

const Row = steady(({ row, columns, state }) => html`
  <tr class=${state}>
    ${columns.map((column, index) => index === 0
      ? html`<th key=${column.name} scope="row" class=${classOf(column)}>${column.cell(row)}</th>`
      : html`<td key=${column.name} class=${classOf(column)}>${column.cell(row)}</td>`)}
  </tr>`)

function classOf ({ minor = false, number = false }) {
  return [number && 'number', minor && 'minor'].filter(Boolean).join(' ') || undefined
}
