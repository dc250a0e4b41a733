/** Requests that were listed before are the same objects again: a table draws only what is new. Pure. */

/** What tells requests apart. Clients may give several the same id. */
export function keyOf ({ id, thread, time, durationMs }) {
  return `${time}/${durationMs}/${thread}/${id}`
}

/** The requests, with the objects of `before` for those that were there. */
export function knownRows (before, requests) {
  const known = new Map(before.map(request => [keyOf(request), request]))
  return requests.map(request => known.get(keyOf(request)) ?? request)
}
