/** Parses dates and instants of the configuration. */

const time = /(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?/.source
const zone = /(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)/.source
/** A date, with a time and its zone or without. */
const form = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)(?:T${time}${zone})?$`)
/**
 * Milliseconds since 1970 of a day (its start, UTC) or an instant of RFC 3339 §5.6; undefined for anything else, such as 30 February.
 */
export function instantOf (text: string): number | undefined {
  const parts = form.exec(text)
  if (parts === null) return undefined
  const day = Date.parse(`${parts[1]!}T00:00:00Z`)
  // Date accepts days that do not exist and rolls over to the next month.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== parts[1]) return undefined
  return Date.parse(text)
}
