/** A field that narrows down what a view shows. What it holds is in the place, so that a link has it. */

import { html } from '../vendor/preact.js'
import { keepInPlace, place } from '../place.js'

/** @param {{ name: string, label: string, placeholder?: string, type?: string }} props `name` of the parameter */
export function Filter ({ name, label, placeholder, type = 'search' }) {
  return html`
    <label class="filter">
      <span>${label}</span>
      <input type=${type} name=${name} placeholder=${placeholder} autocomplete="off" spellcheck=${false}
        value=${place.value.query.get(name) ?? ''} onInput=${({ currentTarget }) => keepInPlace({ [name]: currentTarget.value })} />
    </label>`
}

/** Whether any of the texts has all words of a filter in it, in any case. */
export function fits (filter, ...texts) {
  const all = texts.join(' ').toLowerCase()
  return filter.toLowerCase().split(/\s+/).every(word => all.includes(word))
}
