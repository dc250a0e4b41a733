/** Rejected and failed requests by reason. Pure. */

/**
 * Groups requests of `GET /requests`, the newest first, by their reason and policy. Those without a reason are responses that an upstream
 * or the route gave: they are grouped by status. `text` is the reason in words, `last` is when the newest one began, and `id` its id.
 */
export function byReason (requests) {
  const groups = new Map()
  for (const { reason, status, fault, policy, upstream, time, id } of requests) {
    const text = reason ?? `status ${status} of the ${upstream === undefined ? 'route' : 'upstream'}`
    const key = `${text} ${policy}`
    const group = groups.get(key)
    if (group !== undefined) group.count++
    else groups.set(key, { key, text, reason, status, policy, count: 1, last: time, id, fault: fault ?? faultOf(status, upstream) })
  }
  return [...groups.values()]
}

/** As the figures of traffic have it. */
function faultOf (status, upstream) {
  return status >= 500 && upstream !== undefined ? 'upstream' : undefined
}
