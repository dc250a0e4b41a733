/**
 * Pages with places that are filled in for each error: `${error.code}`, `${request.id}` and their like.
 * Everything else in a page stays as it is written.
 */

import { nearest } from '../../../src/config/index.ts'

/** What there is to fill in; what an error does not have is empty. */
export interface PageValues {
  readonly 'error.status': number
  readonly 'error.code': string
  readonly 'error.title': string
  readonly 'error.detail': string | undefined
  readonly 'request.id': string
}

/** A page, ready to be filled in. */
export type Page = (values: PageValues) => string

const names: ReadonlySet<string> = new Set<keyof PageValues>(['error.status', 'error.code', 'error.title', 'error.detail', 'request.id'])

const place = /\$\{((?:error|request)\.[^{}]*)\}/
/** In JSON, a text that is nothing but such a place: a quote within a text has a backslash before it, a key has a colon behind it. */
const wholeText = /(?<=[[:,])"\$\{((?:error|request)\.[^{}"\\]*)\}"(?=[\],}])/

/**
 * What is wrong with a page, or nothing. `${…}` of anything but the error and the request is none of ours:
 * scripts of a page have them too.
 */
export function templateProblem (text: string): string | undefined {
  for (const [, name = ''] of text.matchAll(new RegExp(place, 'g'))) {
    if (names.has(name)) continue
    const near = nearest(name, names)
    return `\${${name}} is unknown: expected ${near ?? [...names].join(', ')}`
  }
  return undefined
}

/** Compiles a page of HTML. Values are escaped for text and for attributes in quotes. */
export function htmlPage (text: string): Page {
  return fill(text, value => escapeHtml(String(value ?? '')))
}

/**
 * Compiles a JSON document with places in its texts. A text that is one place alone becomes the value itself:
 * a number, or null where there is none.
 */
export function jsonPage (document: unknown): Page {
  const inText = (value: PageValues[keyof PageValues]): string => JSON.stringify(String(value ?? '')).slice(1, -1)
  const parts = JSON.stringify(document).split(wholeText)
  const pages = parts.map((part, index) => index % 2 === 0
    ? fill(part, inText)
    : (values: PageValues) => JSON.stringify(values[part as keyof PageValues] ?? null))
  return values => pages.map(page => page(values)).join('')
}

function fill (text: string, print: (value: PageValues[keyof PageValues]) => string): Page {
  // With one group, every second part is the name of a place.
  const parts = text.split(place)
  return values => {
    let filled = ''
    for (let at = 0; at < parts.length; at++) filled += at % 2 === 0 ? parts[at]! : print(values[parts[at] as keyof PageValues])
    return filled
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

function escapeHtml (text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character]!)
}
