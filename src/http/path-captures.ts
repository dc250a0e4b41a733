/** The raw parameters of a path, byte for byte, as a router that decodes does not give them. */

/** Raw text by parameter name; `*` is what a wildcard took. */
export type PathCaptures = Readonly<Record<string, string>>

/**
 * Compiles a route's path (`/users/:id`, `/files/*`) to a function that cuts the raw values of its parameters out of a raw path. It
 * expects a path that the router has matched to this route; for one with too few segments the parameters are absent.
 */
export function compileCaptures (pattern: string): (path: string) => PathCaptures {
  const segments = pattern.split('/')
  const wildcard = segments.at(-1) === '*' ? segments.length - 1 : -1
  const wanted = segments.flatMap((segment, index) => segment.startsWith(':') ? [[index, segment.slice(1)] as const] : [])
  if (wanted.length === 0 && wildcard === -1) return () => none

  return path => {
    const found = path.split('/')
    const captures: Record<string, string> = Object.create(null)
    for (const [index, name] of wanted) {
      const raw = found[index]
      if (raw !== undefined) captures[name] = raw
    }
    if (wildcard !== -1) captures['*'] = found.slice(wildcard).join('/')
    return captures
  }
}

const none: PathCaptures = Object.freeze(Object.create(null))
