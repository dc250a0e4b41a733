/** Upstreams with targets that get no requests, and why. */

import type { EventType } from '../../../src/index.ts'
import type { Problem } from './problems.ts'
import { ago, count, lasting, span } from './problem-words.ts'
import type { ClosedBy, Situation, TargetSituation, UpstreamSituation } from './situation.ts'
import { shortNames } from './target-names.ts'

/** The gate that an operator closes. */
const drain = 'drain'

/** The event that a gate emits when it closes. */
const closing: Readonly<Record<string, EventType>> = {
  'circuit-breaking': 'circuit-opened',
  'health-checks': 'target-unhealthy',
  'unreachable-targets': 'target-unreachable',
  [drain]: 'target-drained'
}

/** How many targets of an upstream are told of. */
const mostTargets = 3

type ClosedTarget = TargetSituation & { readonly closed: ClosedBy, readonly since: number | undefined }

export function upstreamProblems (situation: Situation): Problem[] {
  return situation.upstreams.flatMap(upstream => {
    const closed = upstream.targets.flatMap(({ url, closed }): ClosedTarget[] => (
      closed === undefined ? [] : [{ url, closed, since: closedSince(situation, upstream.name, url, closed.gate) }]
    ))
    return closed.length === 0 ? [] : [problemOf(upstream, closed, situation.now)]
  })
}

function problemOf ({ name, targets, overruled }: UpstreamSituation, closed: readonly ClosedTarget[], now: number): Problem {
  const open = targets.length - closed.length
  const short = shortNames(targets.map(({ url }) => url))
  const told = closed.slice(0, mostTargets).map(target => wordsOf(target, short.get(target.url)!, now))
  if (closed.length > mostTargets) told.push(`${closed.length - mostTargets} more closed`)
  const anyway = open === 0 && overruled ? ', requests are sent all the same' : ''
  const since = Math.max(...closed.map(({ since = 0 }) => since))
  return {
    severity: open === 0 ? 'critical' : closed.every(({ closed: { gate } }) => gate === drain) ? 'info' : 'warning',
    text: `${name}: ${open} of ${count(targets.length, 'target')} open${anyway}; ${told.join('; ')}`,
    ...since === 0 ? {} : { since },
    link: `#/upstreams/${encodeURIComponent(name)}`
  }
}

function wordsOf ({ closed: { gate, state, why, opensIn }, since }: ClosedTarget, name: string, now: number): string {
  const next = opensIn === undefined || opensIn === Infinity ? '' : opensIn
  if (gate === 'circuit-breaking') {
    const what = state === 'open' ? `opened${ago(since, now)}${why === undefined ? '' : ` after ${why}`}` : `is ${state}${inBrackets(why)}`
    return `breaker of ${name} ${what}${next === '' ? '' : `; next try in ${span(next + 999)}`}`
  }
  const until = next === '' ? '' : `; for another ${span(next + 999)}`
  const subject = gate in closing ? name : `${gate} of ${name}`
  return `${subject} ${state}${lasting(since, now)}${inBrackets(why)}${until}`
}

function inBrackets (why: string | undefined): string {
  return why === undefined ? '' : ` (${why})`
}

function closedSince ({ events }: Situation, upstream: string, target: string, gate: string): number | undefined {
  const type = closing[gate]
  return events.findLast(event => event.type === type && 'target' in event && event.target === target && event.upstream === upstream)?.time
}
