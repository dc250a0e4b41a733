/** The view that answers: what is configured, since when, by whom, and what was it before? */

import { html } from '../preact.js'
import { gateway, marks } from '../live.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Effective } from './effective.js'
import { Earlier } from './earlier.js'
import { History } from './history.js'
import { Now } from './now.js'
import { RefusedFile } from './refused-file.js'

/** @param {{ item: string }} props the number of a configuration, or `''` for all */
export function Configuration ({ item }) {
  const { generation, lastReload } = gateway.value ?? {}
  // One that is restored in vain changes neither, and is among the marks.
  const after = [generation, lastReload?.at, marks.value?.at(-1)?.time].join()
  const { value: known, problem, again } = useAsked('/reloads', { after })
  if (known === undefined) return html`<${Asking} problem=${problem} />`
  if (item !== '') return html`<${Earlier} records=${known.reloads} number=${Number(item)} again=${again} />`
  return html`
    <${RefusedFile} />
    <${Now} known=${known} again=${again} />
    <${History} records=${known.reloads} />
    <${Effective} path="/config?format=yaml" after=${generation} title="Effective configuration" />`
}
