/** What stands in the place of a view's data until it is there, and the reason when it does not come. */

import { html } from '../preact.js'
import { StateWord } from './state-word.js'

/** @param {{ problem?: Error }} props */
export function Asking ({ problem }) {
  if (problem === undefined) return html`<p role="status" class="empty">Asking the gateway.</p>`
  return html`<p role="alert" class="empty"><${StateWord} kind="critical">${wordsOf(problem)}<//></p>`
}

/** A problem in words. */
export function wordsOf ({ message, status }) {
  return status === undefined ? 'The gateway cannot be reached.' : message
}
