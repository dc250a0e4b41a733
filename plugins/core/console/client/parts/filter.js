/** A field that narrows down what a view shows. What it holds is in the place, so that a link has it. */

import { html, useId } from '../preact.js'
import { keepInPlace, place } from '../place.js'

/**
 * @param {{ name: string, label: string, placeholder?: string, type?: string, suggestions?: string[] }} props `name` of the parameter
 */
export function Filter ({ name, label, placeholder, type = 'search', suggestions }) {
  const list = useId()
  return html`
    <label class="filter">
      <span>${label}</span>
      <input type=${type} name=${name} placeholder=${placeholder} autocomplete="off" spellcheck=${false} list=${suggestions && list}
        value=${place.value.query.get(name) ?? ''} onInput=${({ currentTarget }) => keepInPlace({ [name]: currentTarget.value })} />
    </label>
    ${suggestions && html`<datalist id=${list}>${suggestions.map(value => html`<option key=${value} value=${value} />`)}</datalist>`}`
}

/** Whether any of the texts has all words of a filter in it, in any case. */
export function fits (filter, ...texts) {
  const all = texts.join(' ').toLowerCase()
  return filter.toLowerCase().split(/\s+/).every(word => all.includes(word))
}
