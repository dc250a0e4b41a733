/** A configuration as it would be written, with all defaults and without secrets. */

import { html, useMemo } from '../preact.js'
import { Asking } from '../parts/asking.js'
import { useAsked } from '../parts/asked.js'
import { Code } from '../parts/code.js'
import { Filter, fits } from '../parts/filter.js'
import { counted } from '../parts/format.js'
import { announce } from '../parts/notice.js'
import { place } from '../place.js'
import { linesThatFit } from './yaml-filter.js'

/** @param {{ path: string, after?: unknown, title: string }} props `path` of the YAML; `after` is what changes it */
export function Effective ({ path, after, title }) {
  const { value: text, problem } = useAsked(path, { after })
  const filter = place.value.query.get('lines') ?? ''
  const lines = useMemo(() => {
    return text === undefined || filter === '' ? undefined : linesThatFit(text, line => fits(filter, line))
  }, [text, filter])
  return html`
    <section class="card file" aria-labelledby="effective-title">
      <h2 id="effective-title">${title}</h2>
      ${text === undefined ? html`<${Asking} problem=${problem} />` : html`
        <div class="tools inside">
          <${Filter} name="lines" label="Lines with" placeholder="such as retry" />
          ${navigator.clipboard !== undefined && html`<button type="button" onClick=${() => copy(text)}>Copy all</button>`}
          <span class="count" role="status">${lines === undefined ? '' : counted(lines.length, 'line')}</span>
        </div>
        ${lines?.length === 0
          ? html`<p class="empty">No line has “${filter}”.</p>`
          : html`<${Code} text=${lines?.join('\n') ?? text} kind="yaml" label=${title} />`}
        <p class="hint">With all defaults, and without secrets.${lines !== undefined && ' Lines stand with what they belong to.'}</p>`}
    </section>`
}

async function copy (text) {
  try {
    await navigator.clipboard.writeText(text)
    announce('The configuration is in the clipboard.')
  } catch {
    announce('The browser does not allow that.', 'warning')
  }
}
