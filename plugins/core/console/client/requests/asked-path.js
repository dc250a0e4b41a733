/** What the list asks the gateway for. Pure. */

/**
 * The path of the route, with what is written in the filters. Beginnings and parts of words are completed to all that they may mean,
 * because the route takes whole ones.
 *
 * @param {{ get: (name: string) => string | null }} filters `status`, `reason`, `route` and `id`
 * @param {{ reasons: string[], routes: string[] }} known
 */
export function askedPath (filters, { reasons, routes }, limit) {
  const text = name => (filters.get(name) ?? '').trim()
  const words = name => text(name).split(/[\s,]+/).filter(word => word !== '')
  const route = text('route')
  const named = having(routes, route)
  return `/requests?${new URLSearchParams(Object.entries({
    status: words('status').flatMap(statuses).join(),
    reason: words('reason').flatMap(word => having(reasons, word)).join(),
    // Of routes only one may be asked for.
    route: named.length === 1 ? named[0] : route,
    id: text('id'),
    limit
  }).filter(([, value]) => value !== ''))}`
}

/** The known names that a word means: itself, or those that it is a part of. */
function having (names, word) {
  if (names.includes(word)) return [word]
  const found = names.filter(name => name.includes(word))
  return found.length === 0 ? [word] : found
}

/** `5` and `5x` mean the class, `40` the ten statuses that begin so. What is none is for the gateway to refuse. */
function statuses (word) {
  const text = word.toLowerCase()
  if (/^[1-5]x?$/.test(text)) return [`${text[0]}xx`]
  return /^[1-5]\d$/.test(text) ? Array.from({ length: 10 }, (_, digit) => text + digit) : [text]
}
