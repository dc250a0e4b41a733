/** The route table of a stand-in service: `METHOD /path/:parameter` to handler. */

import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'

/** One request, read to its end. */
export interface Call {
  readonly request: IncomingMessage
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Buffer
  /** Aborted when the client leaves and when the service stops. Code that waits must stop then. */
  readonly signal: AbortSignal
}

/** Responds to one request. An error that it throws becomes a 500. */
export type Handler = (call: Call) => Answer | Promise<Answer>

/**
 * Handlers by `METHOD /path`. `ANY` stands for every method, `:name` for one segment, a last `*` for any rest, also an empty one.
 * HEAD is served by GET. The first entry that fits wins.
 */
export type Routes = Readonly<Record<string, Handler>>

/** What the table says about a method and a path: the handler, or which methods the path knows (none: the path is unknown). */
export type Found = { readonly handler: Handler, readonly params: Readonly<Record<string, string>> } | { readonly allow: readonly string[] }

/** Looks up a raw path (without its query). Linear: these tables have a dozen rows. */
export function find (routes: Routes, method: string, path: string): Found {
  const wanted = method === 'HEAD' ? 'GET' : method
  const allow: string[] = []
  for (const [key, handler] of Object.entries(routes)) {
    const [verb = '', pattern = ''] = key.split(' ')
    const params = fit(pattern.split('/'), path.split('/'))
    if (params === undefined) continue
    if (verb === 'ANY' || verb === wanted) return { handler, params }
    allow.push(verb)
  }
  return { allow }
}

function fit (pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    if (part === '*') return params
    const segment = path[index]
    if (segment === undefined) return undefined
    if (part.startsWith(':') && segment !== '') params[part.slice(1)] = decode(segment)
    else if (part !== segment) return undefined
  }
  return path.length === pattern.length ? params : undefined
}

function decode (segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // a malformed escape names nothing; the handler will not find it either
  }
}
