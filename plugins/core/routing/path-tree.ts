/**
 * All paths of the file in one find-my-way tree. Every distinct path is one node with one handler, whose one constraint asks
 * the node itself whether a route of it fits; a node that says no sends the router back to the next less specific path. So
 * the router's limit of 31 handlers on a constrained node never shows, and precedence between paths is the router's own.
 */
import createRouter from 'find-my-way'
import { sorted, type Steps } from '../../../src/index.ts'
import * as findMyWay from '../../../src/internals/find-my-way-handlers.ts'
import { canonicalOf, comparePatterns, treePath } from './pattern.ts'
import type { Pattern, Segment } from './pattern.ts'

/** One distinct path. */
export interface PathNode {
  readonly pattern: Pattern
  /** The position in the file of its first route. */
  readonly order: number
}

/** Values of the parameters by the names of the node's pattern, decoded. */
export type Params = Record<string, string>

const STORED = () => undefined

/** A tree of nodes of type `N`; not re-entrant: `visit` must not look up in the same tree. */
export class PathTree<N extends PathNode> {
  readonly #router
  readonly #derived: { readonly routes: (node: N) => boolean }
  #path = ''
  #visit: (node: N) => boolean = () => false

  private constructor (ordered: readonly N[]) {
    this.#derived = { routes: (node) => !(hasEmptyParameter(node, this.#path)) && this.#visit(node) }
    this.#router = createRouter({
      caseSensitive: true,
      // The length of the target is limited before routing; a long value must not slip to a less specific route.
      maxParamLength: Infinity,
      querystringParser: STORED,
      // parsePattern has been stricter already, and knows that an optional group is safe.
      allowUnsafeRegex: true,
      constraints: {
        routes: {
          name: 'routes',
          storage: () => findMyWay.handlerStorage(ordered),
          deriveConstraint: () => this.#derived.routes as never
        }
      }
    })
  }

  /** A tree of these nodes. */
  static * grow<N extends PathNode> (nodes: readonly N[]): Steps<PathTree<N>> {
    const ordered = yield * inTreeOrder(nodes)
    const tree = new PathTree(ordered)
    for (const [index, node] of ordered.entries()) {
      tree.#router.on('GET', treePath(node.pattern), { constraints: { routes: index } }, STORED)
      yield
    }
    return tree
  }

  /**
   * Visits the nodes that fit the path, most specific first, until one says yes. Returns its parameters, or undefined.
   * A path that cannot be decoded fits none.
   */
  find (path: string, visit: (node: N) => boolean): Params | undefined {
    if (path.charCodeAt(0) !== 47) return undefined
    this.#path = path
    this.#visit = visit
    return this.#router.find('GET', path, this.#derived)?.params as Params | undefined
  }
}

/** Siblings whose regexes have the same rank are tried in the order in which the router learns them: that of the file. */
function * inTreeOrder<N extends PathNode> (nodes: readonly N[]): Steps<N[]> {
  const firstSeen = new Map<string, number>()
  for (const { pattern, order } of nodes) {
    for (const [index, segment] of pattern.segments.entries()) {
      if (segment.kind !== 'regex') continue
      const beginning = canonicalOf(pattern.segments.slice(0, index + 1))
      firstSeen.set(beginning, Math.min(order, firstSeen.get(beginning) ?? Infinity))
    }
    yield
  }
  const seen = (segments: readonly Segment[]) => firstSeen.get(canonicalOf(segments)) ?? 0
  return yield * sorted(nodes, (a, b) => comparePatterns(a.pattern, b.pattern, (one, other) => seen(one) - seen(other)))
}

/** The router lets `/users/` match `/users/:id` with an empty id. */
function hasEmptyParameter ({ pattern }: PathNode, path: string): boolean {
  if (pattern.kind === 'exact') return false
  if (path.charCodeAt(path.length - 1) !== 47 && !path.includes('//')) return false
  const parts = path.split('/')
  return pattern.segments.some((segment, index) => segment.kind === 'parameter' && parts[index + 1] === '')
}
