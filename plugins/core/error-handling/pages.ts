/** The operator's own pages: which one an error has, and in which form a client gets it. */

import type { GatewayError, Reason } from '../../../src/index.ts'
import { headerBytes, isRather, wanted } from '../../../src/http/index.ts'
import type { ErrorPage } from './options.ts'
import { htmlPage, jsonPage, type Page } from './page-template.ts'

/** What is sent in the place of a problem document. */
export interface PageResponse {
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For a rehearsal: which page it is. */
  readonly why: string
}

/** Finds the response of the operator's own to an error; undefined where the problem document is the right one. */
export type ErrorPages = (error: GatewayError, requestId: string, accept: string | undefined) => PageResponse | undefined

interface Compiled {
  readonly html: Page | undefined
  readonly json: Page | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly name: string
}

/** Compiles the pages of a file; undefined when it has none. */
export function compilePages (pages: readonly ErrorPage[]): ErrorPages | undefined {
  if (pages.length === 0) return undefined
  const byError = new Map(pages.flatMap((page, index) => {
    const compiled = compile(page, index)
    return page.for.map(error => [String(error), compiled] as const)
  }))
  return (error, requestId, accept) => {
    const page = pageOf(byError, error.reason)
    const form = page === undefined ? undefined : formOf(page, accept)
    if (page === undefined || form === undefined) return undefined
    const { reason, detail } = error
    const body = page[form]!({
      'error.status': reason.status,
      'error.code': reason.code,
      'error.title': reason.title,
      'error.detail': detail,
      'request.id': requestId
    })
    return {
      contentType: form === 'html' ? 'text/html; charset=utf-8' : 'application/json',
      headers: page.headers,
      body,
      why: `${form} of ${page.name}`
    }
  }
}

function compile ({ html, json, headers }: ErrorPage, index: number): Compiled {
  return {
    html: html === undefined ? undefined : htmlPage(html),
    json: json === undefined ? undefined : jsonPage(json),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), headerBytes(value)])),
    name: `errorPages[${index}]`
  }
}

/** What says most about the error counts. */
function pageOf (byError: ReadonlyMap<string, Compiled>, { code, status }: Reason): Compiled | undefined {
  return byError.get(code) ?? byError.get(String(status)) ?? byError.get(`${Math.floor(status / 100)}xx`)
}

/** HTML where it is wanted more than either JSON, else JSON; undefined is the problem document. */
function formOf ({ html, json }: Compiled, accept: string | undefined): 'html' | 'json' | undefined {
  const plain = wanted(accept, 'application/json')
  const problem = wanted(accept, 'application/problem+json')
  const page = wanted(accept, 'text/html')
  if (html !== undefined && isRather(page, plain) && isRather(page, problem)) return 'html'
  return json === undefined || isRather(problem, plain) ? undefined : 'json'
}
