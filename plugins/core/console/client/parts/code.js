/** Text as it is in a file: YAML, a diff, or a message with a caret. */

import { html, useMemo, useState } from '../preact.js'
import { steady } from './steady.js'

const kinds = {
  text: () => undefined,
  diff: line => /^(?:\+\+\+|---|@@)/.test(line) ? 'place' : line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : undefined,
  yaml: line => /^\s*#/.test(line) ? 'comment' : undefined
}

/** So many lines are shown at first: a browser needs a second for some ten thousand. */
const linesAtFirst = 2000

/** @param {{ text: string, kind?: 'text'|'diff'|'yaml', label: string }} props `label` says what it is to those who do not see it */
export function Code ({ text, kind = 'text', label }) {
  const [allShown, showAll] = useState(false)
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  const shown = useMemo(() => allShown ? lines : lines.slice(0, linesAtFirst), [lines, allShown])
  return html`
    <pre class="code" role="group" aria-label=${label} tabindex="0"><${Lines} lines=${shown} kind=${kind} /></pre>
    ${shown.length < lines.length && html`
      <button type="button" class="more" onClick=${() => showAll(true)}>Show all ${lines.length} lines</button>`}`
}

const Lines = steady(({ lines, kind }) => lines.map((line, index) => html`
  <span key=${index} class=${kinds[kind](line)}>${kind === 'yaml' ? yamlLine(line) : line}</span>${'\n'}`))

function yamlLine (line) {
  const [, indent, key, rest] = /^([\s-]*)("[^"]*"|[^\s"#:][^:#]*)(:(?:\s.*)?)$/.exec(line) ?? []
  return key === undefined ? line : html`${indent}<b>${key}</b>${rest}`
}
