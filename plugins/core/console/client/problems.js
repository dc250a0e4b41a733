/** What is wrong right now, in words, worst first. */

import { html } from './vendor/preact.js'
import { clockTime, counted } from './format.js'
import { gateway, problems } from './live.js'
import { StateWord } from './state-word.js'

const kinds = { critical: 'critical', warning: 'warning', info: 'notice' }

export function Problems () {
  if (gateway.value === undefined) return html`<p role="status">Waiting for the gateway.</p>`
  const all = problems.value ?? []
  return html`
    <section class="problems" aria-labelledby="problems-title">
      <h2 id="problems-title" class="hidden">What is wrong</h2>
      <p class="summary" role="status">${summary(all)}</p>
      ${all.length > 0 && html`<ul>${all.map((problem, place) => html`<${Problem} key=${place} ...${problem} />`)}</ul>`}
    </section>`
}

function Problem ({ severity, text, since, link }) {
  return html`
    <li class=${severity}>
      <${StateWord} kind=${kinds[severity]}>${severity}<//>
      <span class="text">${text}</span>
      ${since !== undefined && html`<time dateTime=${new Date(since).toISOString()}>since ${clockTime(since)}</time>`}
      ${link !== undefined && !/^#\/overview$/.test(link) && html`<a href=${link} aria-label=${`Show more about: ${text}`}>Show</a>`}
    </li>`
}

function summary (all) {
  if (all.length === 0) return html`<${StateWord} kind="good">Nothing is wrong.<//>`
  const counts = Object.keys(kinds).map(severity => [severity, all.filter(problem => problem.severity === severity).length])
  const words = counts.filter(([, count]) => count > 0).map(([severity, count]) => `${count} ${severity}`)
  return html`<${StateWord} kind=${kinds[all[0].severity]}>${counted(all.length, 'problem')}: ${words.join(', ')}<//>`
}
