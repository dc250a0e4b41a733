/** All routes on one path in their order: the nodes of the path tree. */
import type { Steps } from '../../../src/index.ts'
import { compareConditions, compileConditions } from './conditions.ts'
import { compileDecision } from './decision-tree.ts'
import { barePattern, withoutTrailingSlash } from './pattern.ts'
import type { CompiledConditions, Conditions } from './conditions.ts'
import type { Decision } from './decision-tree.ts'
import type { Pattern } from './pattern.ts'

/** One route of the file. `value` is handed back by a match; `order` is its place in the file and breaks ties. */
export interface RouteDefinition<T> {
  readonly path: Pattern
  readonly conditions: Conditions
  readonly order: number
  readonly value: T
}

/** A route as one of the candidates on a path node. `bare`: it is `/users/*` standing on `/users`. */
export interface Entry<T> {
  readonly route: RouteDefinition<T>
  readonly conditions: CompiledConditions
  readonly rank: number
  readonly pattern: Pattern
  readonly bare: boolean
  /** The node calls the parameters by the same names, so its object can be handed on. */
  readonly sameNames: boolean
}

/** A path of the tree with its candidates in rank order. */
export interface MatcherNode<T> {
  readonly pattern: Pattern
  readonly order: number
  readonly entries: readonly Entry<T>[]
  readonly decision: Decision<Entry<T>>
}

type Place<T> = Omit<Entry<T>, 'rank' | 'sameNames'> & { readonly node?: Pattern }

/** One node for each distinct path. Throws a TypeError for conditions with problems. */
export function * compileNodes<T> (routes: readonly RouteDefinition<T>[], ignoresSlash: boolean): Steps<MatcherNode<T>[]> {
  const places = new Map<string, Place<T>[]>()
  for (const route of routes) {
    const pattern = ignoresSlash ? withoutTrailingSlash(route.path) : route.path
    const conditions = compileConditions(route.conditions)
    place(places, pattern, { route, conditions, pattern, bare: false })
    const bare = barePattern(pattern)
    if (bare !== undefined) place(places, bare, { route, conditions, pattern, bare: true })
    yield
  }
  const nodes: MatcherNode<T>[] = []
  for (const together of places.values()) {
    nodes.push(compileNode(together))
    yield
  }
  return nodes
}

function place<T> (places: Map<string, Place<T>[]>, node: Pattern, entry: Place<T>): void {
  const known = places.get(node.canonical)
  if (known === undefined) places.set(node.canonical, [{ ...entry, node }])
  else known.push(entry)
}

function compileNode<T> (places: readonly Place<T>[]): MatcherNode<T> {
  const pattern = places[0]?.node as Pattern
  const names = pattern.parameters.join()
  const entries = places.toSorted(comparePlaces).map(({ node: _, ...place }, rank) => {
    const own = place.bare ? place.pattern.parameters.slice(0, -1) : place.pattern.parameters
    return { ...place, rank, sameNames: own.join() === names }
  })
  return {
    pattern,
    order: places.reduce((first, { route }) => Math.min(first, route.order), Infinity),
    entries,
    decision: compileDecision(entries)
  }
}

/** `/users` before `/users/*`, then more conditions, then the order in the file. */
function comparePlaces<T> (a: Place<T>, b: Place<T>): number {
  return Number(a.bare) - Number(b.bare) || compareConditions(a.conditions, b.conditions) || a.route.order - b.route.order
}
