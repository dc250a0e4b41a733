/** Text as it is in a file: YAML, a diff, or a message with a caret. */

import { html } from '../vendor/preact.js'

const kinds = {
  text: () => undefined,
  diff: line => /^(?:\+\+\+|---|@@)/.test(line) ? 'place' : line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : undefined,
  yaml: line => /^\s*#/.test(line) ? 'comment' : undefined
}

/** @param {{ text: string, kind?: 'text'|'diff'|'yaml', label: string }} props `label` says what it is to those who do not see it */
export function Code ({ text, kind = 'text', label }) {
  const lines = text.replace(/\n$/, '').split('\n')
  return html`
    <pre class="code" role="group" aria-label=${label} tabindex="0">${lines.map((line, index) => html`
      <span key=${index} class=${kinds[kind](line)}>${kind === 'yaml' ? html`<${YamlLine} line=${line} />` : line}${'\n'}</span>`)}</pre>`
}

function YamlLine ({ line }) {
  const [, indent, key, rest] = /^([\s-]*)("[^"]*"|[^\s"#:][^:#]*)(:(?:\s.*)?)$/.exec(line) ?? []
  return key === undefined ? line : html`${indent}<b>${key}</b>${rest}`
}
