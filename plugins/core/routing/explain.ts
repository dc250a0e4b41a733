/** Explains why a request gets its route, and why every other route with a matching path does not. */
import { holds } from './conditions.ts'
import type { Subject, Test } from './conditions.ts'
import type { Entry, MatcherNode, RouteDefinition } from './nodes.ts'
import type { RequestFacts } from './request-facts.ts'

/** One route that was considered. */
export interface Candidate<T> {
  readonly route: RouteDefinition<T>
  readonly verdict: 'chosen' | 'lost'
  readonly why: string
}

/** Explains every entry of the nodes that match a path, in the order of the nodes and their ranks. */
export function explainMatch<T> (nodes: readonly MatcherNode<T>[], chosen: Entry<T> | undefined, facts: RequestFacts): Candidate<T>[] {
  return nodes.flatMap((node) => node.entries.map((entry): Candidate<T> => {
    if (entry === chosen) {
      return { route: entry.route, verdict: 'chosen', why: 'path, method and conditions fit, and no more specific route does' }
    }
    const misfits = reasonsOf(entry, facts)
    return { route: entry.route, verdict: 'lost', why: misfits.length > 0 ? misfits.join('; ') : whyLater(entry, node, chosen) }
  }))
}

function reasonsOf<T> (entry: Entry<T>, facts: RequestFacts): string[] {
  const { methods, tests } = entry.conditions
  const reasons = tests.filter((test) => !holds(test, facts.valueOf(test.subject))).map((test) => describe(test, facts))
  const { method } = facts.view
  const served = methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
  return served ? reasons : [`method ${method} is not ${methods.join(' or ')}`, ...reasons]
}

function describe (test: Test, facts: RequestFacts): string {
  const value = facts.valueOf(test.subject)
  const name = nameOf(test.subject)
  if (test.kind === 'absent') return `${name} is present`
  if (value === undefined || test.kind === 'present') return `${name} is missing`
  const text = typeof value === 'string' ? `"${value}"` : value.map((one) => `"${one}"`).join(' and ')
  if (test.kind === 'filled') return `${name} is empty`
  if (test.kind === 'regex') return `${name} is ${text}, which does not fit ${test.text}`
  return `${name} is ${text}, not ${test.text}`
}

function nameOf (subject: Subject): string {
  if (subject.in === 'host') return 'host'
  return subject.in === 'headers' ? `header ${subject.name}` : `query parameter ${subject.name}`
}

function whyLater<T> (entry: Entry<T>, node: MatcherNode<T>, chosen: Entry<T> | undefined): string {
  if (chosen === undefined) return 'no route was chosen'
  if (!node.entries.includes(chosen) || entry.bare !== chosen.bare) return `less specific than ${chosen.route.path.text}`
  if (entry.rank < chosen.rank) return 'serves HEAD with GET, and a later route lists HEAD itself'
  if (entry.conditions.tests.length < chosen.conditions.tests.length) return 'has fewer conditions'
  return sameWeight(entry, chosen) ? 'later in the file' : 'has less exact conditions'
}

function sameWeight<T> ({ conditions: a }: Entry<T>, { conditions: b }: Entry<T>): boolean {
  return a.hostRank === b.hostRank && a.exactCount === b.exactCount && a.regexCount === b.regexCount
}
