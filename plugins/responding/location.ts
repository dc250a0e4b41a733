/** The Location of a redirect: origin, path with parameters, query. */

import { checkPathTemplate, compilePathTemplate, type PathCaptures } from '../../src/http/path-template.ts'

/** Gives the Location for the raw parameters and the query (`''` or `?…`) of a request; undefined when a parameter has no place in it. */
export type Location = (captures: PathCaptures, query: string) => string | undefined

/** What is wrong with `redirect.to`, for a person who wrote it. */
export function checkLocation (text: string): string | undefined {
  const parts = split(text)
  if (parts === undefined) return `"${text}" is neither a path nor an http:// or https:// URL`
  return checkPathTemplate(parts.path)
}

/** Compiles a checked `redirect.to`. */
export function compileLocation (text: string): Location {
  const { origin, path, query } = split(text)!
  const render = compilePathTemplate(path)
  return (captures, own) => {
    const rendered = render(captures)
    // A path that begins with two slashes would be read as another host.
    if (rendered === undefined || (origin === '' && rendered.startsWith('//'))) return undefined
    return origin + rendered + (query ?? own)
  }
}

function split (text: string): { origin: string, path: string, query: string | undefined } | undefined {
  const match = /^(https?:\/\/[^/?#\s$]+)?(\/[^?#]*)?(\?[^#\s]*)?$/.exec(text)
  if (match === null || (match[1] === undefined && match[2] === undefined)) return undefined
  return { origin: match[1] ?? '', path: match[2] ?? '/', query: match[3] }
}
