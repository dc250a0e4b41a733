/** The values of one request that conditions test. Expensive ones are read once, on demand. */
import type { Subject } from './conditions.ts'

/** The input of matching. */
export interface RequestView {
  readonly method: string
  /** The raw path without query, as the client sent it. */
  readonly path: string
  /** `''`, or the raw query with its `?`. */
  readonly query: string
  /** In lower case, without port. */
  readonly host: string | undefined
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** One reusable reader: `reset` points it at the next request, so that a match allocates nothing for it. */
export class RequestFacts {
  view: RequestView
  #query: Map<string, string[]> | undefined

  constructor (view: RequestView) {
    this.view = view
  }

  reset (view: RequestView): void {
    this.view = view
    this.#query = undefined
  }

  /** The value or values that the request carries there. */
  valueOf (subject: Subject): string | readonly string[] | undefined {
    if (subject.in === 'host') return this.view.host
    if (subject.in === 'headers') return Object.hasOwn(this.view.headers, subject.name) ? this.view.headers[subject.name] : undefined
    this.#query ??= parseQuery(this.view.query)
    return this.#query.get(subject.name)
  }
}

/** Names are chosen by the client: a Map, so that `__proto__` is a name like any other. */
function parseQuery (query: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}
