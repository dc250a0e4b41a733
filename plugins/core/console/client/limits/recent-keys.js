/** The keys that were limited a short time ago. Pure. */

/** How long a key is kept after it was limited, in milliseconds. */
const kept = 30_000

/** At most so many keys: the gateway lists 100 at a time. */
const most = 500

/**
 * The keys that are known after an answer of `GET /limits`, those seen last first. Each has its `policy`, and `limited` says whether it is
 * limited at this moment; `seen` is when it was the last time, in milliseconds since 1970. The times until which it waits are counted from
 * there.
 */
export function withAnswer (known, policies, now) {
  const limited = policies.flatMap(({ policy, algorithm, limited: keys }) => keys.map(({ retryAfterMs, resetMs, ...key }) => ({
    ...key,
    id: idOf(policy, key),
    policy,
    // Requests in progress are no count that could be set back.
    resettable: algorithm !== 'concurrency',
    limited: true,
    seen: now,
    freeAt: retryAfterMs === undefined ? undefined : now + retryAfterMs,
    fullAt: resetMs === undefined ? undefined : now + resetMs
  })))
  const ids = new Set(limited.map(({ id }) => id))
  const earlier = known.filter(({ id, seen }) => !ids.has(id) && seen > now - kept)
  return [...limited, ...earlier.map(key => key.limited ? { ...key, limited: false } : key)].slice(0, most)
}

function idOf (policy, { key, tier = '' }) {
  return JSON.stringify([policy, tier, key])
}
