/** Times that grow older while they are shown. */

import { computed, html, useMemo } from '../preact.js'
import { now } from '../live.js'
import { ago, clockTime, lasting, none } from './format.js'

/** How long ago, such as `12 s ago`, with the time of day. @param {{ time?: number | null }} props milliseconds since 1970 */
export function Ago ({ time }) {
  // Drawn again when the text is another one, not each second: a table has a thousand of them.
  const text = useMemo(() => computed(() => ago(time, now.value)), [time])
  if (time === null || time === undefined) return none
  return html`<time dateTime=${new Date(time).toISOString()} title=${clockTime(time)}>${text.value}</time>`
}

/** How long until, such as `8 s`. @param {{ time?: number | null }} props milliseconds since 1970 */
export function Until ({ time }) {
  if (time === null || time === undefined) return none
  const left = time - now.value
  return html`<time dateTime=${new Date(time).toISOString()} title=${clockTime(time)}>${left < 1000 ? 'under 1 s' : lasting(left)}</time>`
}
