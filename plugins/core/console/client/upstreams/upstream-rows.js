/** Upstreams and their targets as rows, with their traffic. Pure. */

import { stateOf } from './target-state.js'

/** From this part of failed attempts, and so many per second, a target fails: as the gateway has it for its problems. */
const [failingPart, failingRate] = [0.05, 0.5]

/**
 * The upstreams, in the order of the file. What has not changed is the same object as in `last`, so that it is not drawn again.
 * @param {Map<string, { upstream: object }>} last what this has given before, by name
 */
export function upstreamsFrom (last, upstreams, traffic) {
  return new Map(Object.values(upstreams).map(upstream => {
    const { name } = upstream
    const before = last.get(name)
    const facts = kept(before?.facts, upstreamOf(upstream))
    const rows = new Map(upstream.targets.map(target => {
      return [target.url, kept(before?.rows.get(target.url), rowOf(name, target, traffic[name]?.[target.url]))]
    }))
    const same = before !== undefined && facts === before.facts && rows.size === before.rows.size &&
      [...rows.values()].every((row, index) => row.value === before.upstream.rows[index])
    return [name, same ? before : { facts, rows, upstream: { ...facts.value, rows: Array.from(rows.values(), ({ value }) => value) } }]
  }))
}

/** A value with its JSON: the one of before, where that has the same. */
function kept (before, value) {
  const json = JSON.stringify(value)
  return before?.json === json ? before : { json, value }
}

function upstreamOf ({ name, balance, retries, fallback, failOpen = false, adaptiveConcurrency, targets }) {
  const used = targets.filter(({ weight }) => weight > 0)
  return {
    name, balance, retries, fallback, failOpen, limit: adaptiveConcurrency, used: used.length, open: used.filter(({ open }) => open).length
  }
}

function rowOf (upstream, { gates, url, weight, active, open, lastProbe, slowStart, balancing, priority }, figures = {}) {
  const { rate = null, errors = null, p50 = null, p95 = null, share = null, total } = figures
  const state = stateOf({ weight, open, gates, slowStart })
  const failing = errors >= failingRate && errors >= rate * failingPart
  return {
    upstream, url, weight, active, priority, lastProbe, balancing, rate, errors, p50, p95, share, total, failing, ...state,
    failed: rate > 0 ? Math.min(1, errors / rate) : null,
    problem: failing || !['good', 'off'].includes(state.kind),
    drained: gates.some(({ gate, permits }) => gate === 'drain' && !permits),
    breaker: gates.find(({ gate }) => gate === 'circuit-breaking')?.state,
    // Times, and not what is left of them: that would be another row each second.
    gates: gates.map(({ opensInMs: _left, ...gate }) => gate)
  }
}

/**
 * The upstreams with those of their targets that fit. Those without any are left out, but not one that has no targets at all:
 * that is a problem.
 * @param {(...texts: string[]) => boolean} fits
 */
export function narrowed (upstreams, fits, onlyProblems) {
  return upstreams.flatMap(upstream => {
    const { name } = upstream
    const rows = upstream.rows.filter(row => {
      return (!onlyProblems || row.problem) && fits(name, row.url, row.word, ...row.reasons.map(({ words }) => words))
    })
    if (rows.length === upstream.rows.length && (rows.length > 0 || fits(name))) return [upstream]
    return rows.length === 0 ? [] : [{ ...upstream, rows }]
  })
}

/** Figures of all targets together. */
export function sumOf (rows) {
  const sum = pick => rows.reduce((all, row) => all + (pick(row) ?? 0), 0)
  return {
    active: sum(({ active }) => active),
    rate: sum(({ rate }) => rate),
    attempts: sum(({ total }) => total?.attempts),
    errors: sum(({ total }) => total?.errors)
  }
}

/** How many targets of an upstream are open, in words, and how bad that is. */
export function openness ({ open, used, failOpen, fallback }) {
  if (used === 0) return { kind: 'critical', words: 'no target' }
  const instead = failOpen ? ', requests are sent all the same' : open === 0 && fallback !== undefined ? `, requests go to ${fallback}` : ''
  const words = `${open} of ${used} target${used === 1 ? '' : 's'} open${instead}`
  return { kind: open === used ? 'good' : open === 0 ? 'critical' : 'warning', words }
}
