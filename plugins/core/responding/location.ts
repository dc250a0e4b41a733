/** The Location of a redirect: origin, path with parameters, query. */

import { checkPathTemplate, compilePathTemplate, type PathCaptures } from '../../../src/http/index.ts'

/** The input of a Location. */
export interface Redirected {
  /** Host that the client asked for, without port; read and checked when the request came. */
  readonly host: string | undefined
  /** Path as the client wrote it. */
  readonly path: string
  /** `''` or `?…`. */
  readonly query: string
  /** Parameters of the path, byte for byte. */
  rawParams (): PathCaptures
}

/** Returns the Location; undefined when a parameter cannot be inserted, or there is no host. */
export type Location = (request: Redirected) => string | undefined

/** `http://` or `https://` and a host, of which the client's may be a part: `https://www.${request.host}`. */
const origin = /^https?:\/\/(?:[^/?#\s$]|\$\{request\.host\})+/

/** The path of the request, at the end of what is put in front of it. */
const wholePath = /^((?:\/[^?#]*)?)\$\{request\.path\}$/

/** The problem of `redirect.to`; undefined when it is valid. `params` are the names that the route's path has. */
export function checkLocation (text: string, params?: readonly string[]): string | undefined {
  const { host, path, rest } = split(text)
  if (rest !== '' || (host === '' && path === '')) return `"${text}" is neither a path nor an http:// or https:// URL`
  if (host === '' && path.startsWith('//')) return `"${text}" would be read as another host: expected https:// and the host, or one slash`
  const front = wholePath.exec(path)?.[1]
  if (front === undefined) return checkPathTemplate(path || '/', params)
  if (host === '' && front === '') return `"${text}" sends the client to where it is`
  if (front.endsWith('/')) return '${request.path} begins with a slash of its own'
  return front === '' ? undefined : checkPathTemplate(front, params)
}

/** Compiles a checked `redirect.to`. */
export function compileLocation (text: string): Location {
  const { host, path, query } = split(text)
  const front = wholePath.exec(path)?.[1]
  const template = front === '' ? undefined : compilePathTemplate(front ?? (path || '/'))
  const render = (request: Redirected): string | undefined => {
    const rendered = template === undefined ? '' : template(request.rawParams())
    return rendered === undefined || front === undefined ? rendered : rendered + request.path
  }
  const asksHost = host.includes('${')
  return request => {
    const rendered = render(request)
    // A path that begins with two slashes would be read as another host.
    if (rendered === undefined || (host === '' && rendered.startsWith('//')) || (asksHost && request.host === undefined)) return undefined
    return (asksHost ? host.replaceAll('${request.host}', request.host!) : host) + rendered + (query ?? request.query)
  }
}

interface Parts {
  /** `''` where there is none. */
  readonly host: string
  readonly path: string
  readonly query: string | undefined
  /** What is left over: nothing in a URL. */
  readonly rest: string
}

function split (text: string): Parts {
  const host = origin.exec(text)?.[0] ?? ''
  const [, path = '', query, rest = ''] = /^((?:\/|\$\{request\.path\})[^?#]*)?(\?[^#\s]*)?(.*)$/s.exec(text.slice(host.length)) ?? []
  return { host, path, query, rest }
}
