/** What a target does, and why, in a word and in sentences. Pure. */

/** How bad it is that a gate is closed, the worst first. Gates of plugins, and those that are closed for a moment, are warnings. */
const ranks = ['critical', 'warning', 'notice', 'off', 'good']
const kinds = { 'circuit-breaking': 'critical', 'health-checks': 'critical', 'unreachable-targets': 'critical', drain: 'notice' }

/** What a gate is called, and what comes when its time is over. */
const gateWords = {
  'circuit-breaking': ['breaker', 'next try in'],
  'health-checks': ['health', 'back in'],
  'unreachable-targets': ['reachability', 'next try in'],
  drain: ['drain', 'ends in']
}

/** States of gates that let a few requests try the target. */
const onTrial = new Set(['half-open', 'trying'])

/** How bad the state of a gate is. */
export function kindOf ({ gate, permits, state }) {
  return !permits ? kinds[gate] ?? 'warning' : onTrial.has(state) ? 'warning' : 'good'
}

/** A gate by its short name. */
export function gateName (gate) {
  return gateWords[gate]?.[0] ?? gate
}

/**
 * `kind` and `word` of the worst that there is to say, and the `reasons`, the worst first: `words`, and `until` when, where that is known,
 * with the words `before` it.
 */
export function stateOf ({ weight, open, gates, slowStart }) {
  const bad = gates.map(gate => ({ ...gate, kind: kindOf(gate) })).filter(({ kind }) => kind !== 'good')
  const closed = bad.filter(({ permits }) => !permits)
  // What a gate would let through does not matter where another one is closed.
  const told = (closed.length > 0 ? closed : bad).toSorted((a, b) => ranks.indexOf(a.kind) - ranks.indexOf(b.kind))
  const [worst] = told
  const reasons = told.map(({ gate, state, why = state, until }, index) => ({
    words: index === 0 ? why : `${gateName(gate)}: ${why}`, until, before: gateWords[gate]?.[1] ?? 'opens in'
  }))
  if (weight === 0) return { kind: 'off', word: 'weight 0', reasons: [{ words: 'gets no requests' }, ...reasons] }
  if (worst !== undefined) return { kind: worst.kind, word: wordOf(worst), reasons }
  if (open && slowStart !== undefined) {
    const words = `at ${Math.round(slowStart.share * 100)} % of its share`
    return { kind: 'notice', word: 'warming up', reasons: [{ words, until: slowStart.until, before: 'all of it in' }] }
  }
  return { kind: 'good', word: 'open', reasons }
}

/** An open breaker closes its target. */
function wordOf ({ gate, state }) {
  return gate === 'circuit-breaking' && state === 'open' ? 'breaker open' : state
}
