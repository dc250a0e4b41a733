/** What the live stream has said so far. Pure: a message and what was known give what is known now. */

/** Seconds that are kept. */
const secondsKept = 300

export const nothing = { about: undefined, now: 0, values: {}, tables: {}, seconds: [] }

/** All that is known after a snapshot. */
export function fromSnapshot ({ about, now, values, tables, seconds }) {
  return { about, now, values, tables, seconds }
}

/** All that is known after a delta. What has not changed is the same object as before. */
export function withDelta (known, { now, values, tables, seconds }) {
  return {
    about: known.about,
    now,
    values: Object.keys(values).length === 0 ? known.values : { ...known.values, ...values },
    tables: Object.entries(tables).reduce((all, [name, rows]) => ({ ...all, [name]: withRows(all[name] ?? {}, rows) }), known.tables),
    seconds: seconds.length === 0 ? known.seconds : [...known.seconds, ...seconds].slice(-secondsKept)
  }
}

function withRows (table, rows) {
  const next = { ...table, ...rows }
  for (const [id, row] of Object.entries(rows)) if (row === null) delete next[id]
  return next
}
