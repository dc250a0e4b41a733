/** The part of the requests that failed, and whose fault that is. */

import { html } from '../preact.js'
import { none, percent } from '../parts/format.js'
import { StateWord } from '../parts/state-word.js'

/** @param {{ errors?: { share: number, fault?: string, words: string } }} props as `errorsOf` says */
export function Errors ({ errors }) {
  if (errors === undefined) return html`<span class="dim">${none}</span>`
  const { share, fault, words } = errors
  if (fault === undefined) return percent(0)
  return html`<span class="errors" title=${words}><${Fault} fault=${fault} /> <span class="share">${percent(share)}</span></span>`
}

/** A client makes its own mistakes; all other faults are for operators. */
export function Fault ({ fault }) {
  return fault === 'client' ? html`<span class="dim">client</span>` : html`<${StateWord} kind="warning">${fault}<//>`
}
