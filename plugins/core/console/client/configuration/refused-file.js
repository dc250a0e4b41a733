/** The problems of a file that was refused, as `onedoor check` prints them. */

import { html } from '../preact.js'
import { gateway } from '../live.js'
import { Code } from '../parts/code.js'
import { counted } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'
import { Ago } from '../parts/times.js'

/** It is there while the last reload of the file was refused. */
export function RefusedFile () {
  const { generation, lastReload } = gateway.value ?? {}
  if (lastReload?.ok !== false) return html`<div role="status"></div>`
  const { at, problems } = lastReload
  return html`
    <section class="card refused" aria-labelledby="refused-title">
      <h2 id="refused-title"><${StateWord} kind="warning">The file was refused<//></h2>
      <p><span role="status">It has ${counted(problems.length, 'problem')}; generation ${generation} serves on.</span>
        ${' '}<span class="dim"><${Ago} time=${Date.parse(at)} /></span></p>
      <${Problems} problems=${problems} />
    </section>`
}

/** @param {{ problems: string[] }} props */
export function Problems ({ problems }) {
  return html`<${Code} text=${problems.join('\n\n')} label="Problems of the configuration" />`
}
