/** The order of rows. Pure. */

/** What `-rate` means: sorted by `rate`, the largest first. */
export function sortingOf (text = '') {
  return text.startsWith('-') ? { name: text.slice(1), descending: true } : { name: text, descending: false }
}

/** How a column is sorted when its heading is pressed: by figures the largest first, by words from A to Z, and the other way next. */
export function nextSorting ({ name, number = false }, current) {
  const { name: now, descending } = sortingOf(current)
  const down = now === name ? !descending : number
  return down ? `-${name}` : name
}

/**
 * The rows sorted by what `by` takes from each, a number or a text. Equal ones stay as they were. Those without a value are the last,
 * in both directions.
 */
export function sortedBy (rows, by, descending) {
  const sign = descending ? -1 : 1
  return rows
    .map(row => ({ row, value: by(row) ?? undefined }))
    .toSorted(({ value: a }, { value: b }) => {
      if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
      return sign * (typeof a === 'number' ? a - b : words.compare(a, b))
    })
    .map(({ row }) => row)
}

const words = new Intl.Collator('en', { numeric: true })

/** The rows in the order of ids that was kept. What was not there then comes last. */
export function inOrder (ids, rows, keyOf) {
  const places = new Map(ids.map((id, place) => [id, place]))
  return sortedBy(rows, row => places.get(keyOf(row)), false)
}
