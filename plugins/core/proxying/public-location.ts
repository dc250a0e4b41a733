/**
 * Paths and hosts of a service as its client knows them: what `stripPrefix` and a base path hide is put back
 * into Location and Set-Cookie.
 */

/** The target of a response, and how the request was sent to it. */
export interface Passage {
  /** Origins by which the service speaks of itself: that of its target, and with a `host` of the file that one. */
  readonly own: readonly string[]
  /** Host names of these. */
  readonly ownNames: readonly string[]
  /** `host[:port]` that the client asked for. */
  readonly clientHost: string | undefined
  /** Path of the target, in front of all that is sent to it; without a slash at its end. */
  readonly basePath: string
  /** What was taken off the front of the path; without a slash at its end. */
  readonly prefix: string
}

/**
 * A Location as the client can follow it. One that names the service becomes the path by which the client reaches the
 * same thing; one that is a path, or names the host that the client asked for, gets the prefix back, unless the service
 * has put it there itself. Others are left alone.
 */
export function outsideLocation (location: string, passage: Passage): string {
  if (/^\/(?!\/)/.test(location)) return outsidePath(location, passage)
  const [, origin = '', host = '', rest = ''] = /^(https?:\/\/([^/?#]*))(.*)$/is.exec(location) ?? []
  if (origin === '') return location
  if (passage.own.includes(origin.toLowerCase())) {
    const inner = below(rest, passage.basePath)
    return inner === undefined ? location : passage.prefix + inner
  }
  return host.toLowerCase() === passage.clientHost?.toLowerCase() ? origin + outsidePath(rest, passage) : location
}

/**
 * A Set-Cookie that the client sends back to the same service. `Path=/` is left alone: it is sent there too,
 * and may be meant for others as well.
 */
export function outsideCookie (cookie: string, passage: Passage): string {
  const [pair, ...attributes] = cookie.split(';')
  const kept = attributes.flatMap(attribute => {
    const equals = attribute.indexOf('=')
    const name = attribute.slice(0, equals === -1 ? undefined : equals).trim().toLowerCase()
    const value = equals === -1 ? '' : attribute.slice(equals + 1).trim()
    // A browser refuses a cookie for a host that is not its own; without a Domain it is for the host that it asked.
    if (name === 'domain' && isOwnName(value, passage)) return []
    if (name !== 'path' || !value.startsWith('/') || value === '/') return [attribute]
    return [`${attribute.slice(0, equals)}=${outsideFolder(value, passage)}`]
  })
  return [pair, ...kept].join(';')
}

function outsidePath (path: string, passage: Passage): string {
  const inner = below(path, passage.basePath)
  if (inner === undefined) return path
  return passage.prefix !== '' && below(inner, passage.prefix) !== undefined ? path : passage.prefix + inner
}

/** The same without a slash at the end that was not there: `/api/` is no path of `/api`. */
function outsideFolder (path: string, passage: Passage): string {
  const outside = outsidePath(path, passage)
  return path.endsWith('/') || outside === '/' || !outside.endsWith('/') ? outside : outside.slice(0, -1)
}

/** What is left of a path without the segments at its front, beginning with a slash; undefined where it does not begin with them. */
function below (path: string, front: string): string | undefined {
  if (!path.startsWith(front)) return undefined
  const rest = path.slice(front.length)
  if (rest.startsWith('/')) return rest
  return /^(?:$|[?#])/.test(rest) ? `/${rest}` : undefined
}

function isOwnName (domain: string, { ownNames, clientHost }: Passage): boolean {
  const name = domain.replace(/^\./, '').toLowerCase()
  return ownNames.includes(name) && name !== clientHost?.replace(/:\d+$/, '').toLowerCase()
}
