/** The routes of a name as they would be written. */

import { html } from '../preact.js'
import { gateway } from '../live.js'
import { useAsked } from '../parts/asked.js'
import { Code } from '../parts/code.js'

/** @param {{ name: string }} props */
export function WrittenRoute ({ name }) {
  const { value } = useAsked(`/routes?${new URLSearchParams({ name, format: 'yaml' })}`, { after: gateway.value?.generation })
  if (value === undefined) return null
  return html`
    <section class="card" aria-labelledby="written-title">
      <h2 id="written-title">Configuration</h2>
      <${Code} text=${value} kind="yaml" label="The route as it would be written, with all defaults" />
    </section>`
}
