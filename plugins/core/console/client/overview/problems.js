/** What is wrong right now, in words, worst first. */

import { html } from '../preact.js'
import { clockTime, counted } from '../parts/format.js'
import { gateway, problems } from '../live.js'
import { StateWord } from '../parts/state-word.js'

/** The word, and the kind of state, for each severity. */
const kinds = { critical: 'critical', warning: 'warning', info: 'notice' }

/** @param {{ links: string[] }} props names of the views that there are */
export function Problems ({ links }) {
  if (gateway.value === undefined) return html`<p role="status">Waiting for the gateway.</p>`
  const all = problems.value ?? []
  return html`
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title" class="hidden">What is wrong</h2>
      <p class="summary" role="status">${summary(all)}</p>
      ${all.length > 0 && html`<ul>${all.map((problem, place) => html`<${Problem} key=${place} ...${problem} links=${links} />`)}</ul>`}
    </section>`
}

function Problem ({ severity, text, since, link, links }) {
  const view = /^#\/([a-z]+)/.exec(link)?.[1]
  return html`
    <li class=${severity}>
      <${StateWord} kind=${kinds[severity]}>${kinds[severity]}<//>
      <span class="text">${text}</span>
      ${since !== undefined && html`<time dateTime=${new Date(since).toISOString()}>since ${clockTime(since)}</time>`}
      ${view !== 'overview' && links.includes(view) && html`<a href=${link} aria-label=${`Show more about: ${text}`}>Show</a>`}
    </li>`
}

function summary (all) {
  if (all.length === 0) return html`<${StateWord} kind="good">Nothing is wrong.<//>`
  const counts = Object.keys(kinds).map(severity => [severity, all.filter(problem => problem.severity === severity).length])
  const words = counts.filter(([, count]) => count > 0)
    .map(([severity, count]) => severity === 'critical' ? `${count} critical` : counted(count, kinds[severity]))
  return html`<${StateWord} kind=${kinds[all[0].severity]}>${counted(all.length, 'problem')}: ${words.join(', ')}<//>`
}
