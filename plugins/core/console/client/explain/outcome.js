/** What a rehearsal says, arranged for the page. Pure. */

import { linesOf, nameOf, valueOf } from './form.js'

/** What the gateway writes for a value that it does not show. */
const hidden = '[redacted]'

/**
 * What becomes of the request: `kind` of the state, `what` in one line, and `by` whom it was decided where that is not the route.
 * It is never certain where a verdict is unknown.
 */
export function outcomeOf ({ decisions, outcome: { status, code, location, target, forwards }, unknown }) {
  const by = decisions.findLast(({ verdict }) => ends.has(verdict))?.by
  if (forwards !== undefined) {
    // The forwarded path has the base path of the target.
    const { method, path } = forwards
    return { kind: unknown.length > 0 ? 'notice' : 'good', what: `${method} ${URL.parse(target)?.origin ?? target}${path}`, by: undefined }
  }
  if (code !== undefined) return { kind: status >= 500 ? 'critical' : 'warning', what: `${status} ${code}`, by }
  return { kind: 'good', what: location === undefined ? String(status) : `${status} ${location}`, by }
}

/** Verdicts after which no other decision follows. */
const ends = new Set(['refused', 'failed', 'responded', 'redirected', 'page'])

const kinds = {
  ...Object.fromEntries(['allowed', 'chosen', 'selected', 'issued', 'responded', 'sticky'].map(verdict => [verdict, 'good'])),
  ...Object.fromEntries(['refused', 'closed', 'drained', 'not told', 'no key', 'fallback'].map(verdict => [verdict, 'warning'])),
  failed: 'critical',
  unknown: 'notice'
}

/** The kind of state of a verdict. */
export function kindOf (verdict) {
  return kinds[verdict] ?? 'off'
}

/**
 * The header fields of the request that would be sent, each with its `origin`: `entered` as it is, `changed`, `added`, or `hidden` where
 * its value is not shown. Those that were entered and are not passed on come last, as `dropped`.
 */
export function fieldsOf ({ headers }, entered) {
  const lines = linesOf(entered)
  const given = Map.groupBy(lines.map(line => [nameOf(line).toLowerCase(), valueOf(line)]), ([name]) => name)
  const sent = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name, value] = [headers[at], headers[at + 1]]
    const values = given.get(name.toLowerCase())?.map(([, own]) => own)
    sent.push({ name, value, origin: originOf(value, values) })
  }
  const names = new Set(sent.map(({ name }) => name.toLowerCase()))
  const dropped = [...given.keys()].filter(name => !names.has(name)).map(name => ({ name, value: undefined, origin: 'dropped' }))
  return [...sent, ...dropped].map((field, index) => ({ ...field, id: String(index) }))
}

function originOf (value, entered) {
  if (entered === undefined) return 'added'
  if (value === hidden) return 'hidden'
  return [...entered, entered.join(', '), entered.join('; ')].includes(value) ? 'entered' : 'changed'
}

/** Where a decision leads: the place of what has decided, as view and item; undefined where there is none. */
export function placeOf ({ by }, { upstream }, policies = {}) {
  if (policies[by]?.plugin === 'rate-limiting') return { view: 'limits', parameters: { filter: by } }
  return upstream !== undefined && gates.has(by) ? { view: 'upstreams', item: upstream } : undefined
}

/** What decides about targets. */
const gates = new Set(['circuit-breaking', 'health-checks', 'load-balancing', 'unreachable-targets', 'target-discovery', 'draining'])
