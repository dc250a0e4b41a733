/** Matches requests to routes. All routes are compiled once; a match takes plain values. */
import { findFirst, forEachFitting } from './decision-tree.ts'
import { explainMatch } from './explain.ts'
import { compileNodes } from './nodes.ts'
import { PathTree } from './path-tree.ts'
import { rawParameters } from './raw-parameters.ts'
import { RequestFacts } from './request-facts.ts'
import { atOnce, type Steps } from '../../../src/index.ts'
import { decodeOrKeep } from '../../../src/http/index.ts'
import type { CompiledConditions } from './conditions.ts'
import type { Candidate } from './explain.ts'
import type { Entry, MatcherNode, RouteDefinition } from './nodes.ts'
import type { Pattern } from './pattern.ts'
import type { RequestView } from './request-facts.ts'

export type { Candidate } from './explain.ts'
export type { RouteDefinition } from './nodes.ts'
export type { RequestView } from './request-facts.ts'

/** `ignore`: `/users` and `/users/` are the same path, for routes and for requests. */
export interface MatcherOptions {
  readonly trailingSlash: 'strict' | 'ignore'
}

/** The route that serves the request, or why there is none. `allow` is sorted (RFC 9110 §15.5.6). */
export type Match<T> =
  | RouteMatch<T>
  | { readonly kind: 'method-not-allowed', readonly allow: readonly string[] }
  | { readonly kind: 'not-found' }

const NOT_FOUND = { kind: 'not-found' } as const
const NO_REQUEST: RequestView = { method: '', path: '', query: '', host: undefined, headers: {} }

/** A request that found its route. */
export class RouteMatch<T> {
  readonly kind = 'route'
  readonly value: T
  /** Decoded, as Fastify gives them; without prototype. */
  readonly params: Record<string, string>
  readonly #pattern: Pattern
  /** As sent. */
  readonly #path: string
  /** The same without a slash at the end that is ignored. */
  readonly #compared: string

  constructor (value: T, params: Record<string, string>, pattern: Pattern, path: string, compared: string) {
    this.value = value
    this.params = params
    this.#pattern = pattern
    this.#path = path
    this.#compared = compared
  }

  /** The path as it was compared: decoded, without a slash at the end that is ignored. One text for all spellings that match alike. */
  matchedPath (): string {
    return decodeOrKeep(this.#compared)
  }

  /** The same parameters still percent-encoded, byte for byte as sent. */
  rawParams (): Record<string, string> {
    return rawParameters(this.#pattern, this.#path, this.params)
  }
}

/** All routes of one configuration. Building costs time, matching does not grow with the number of routes. */
export class Matcher<T> {
  readonly #tree: PathTree<MatcherNode<T>>
  readonly #ignoresSlash: boolean
  readonly #facts = new RequestFacts(NO_REQUEST)
  readonly #choose: (node: MatcherNode<T>) => boolean
  #chosenNode: MatcherNode<T> | undefined
  #chosen: Entry<T> | undefined

  /** Throws a TypeError where `conditionProblems` of a route is not empty. */
  constructor (routes: readonly RouteDefinition<T>[], options: MatcherOptions, tree = atOnce(treeOf(routes, options))) {
    this.#ignoresSlash = options.trailingSlash === 'ignore'
    this.#tree = tree
    this.#choose = (node) => {
      this.#chosenNode = node
      this.#chosen = chooseEntry(node, this.#facts)
      return this.#chosen !== undefined
    }
  }

  /** The same as a generator, so that the caller can yield to the event loop. */
  static * compile<T> (routes: readonly RouteDefinition<T>[], options: MatcherOptions): Steps<Matcher<T>> {
    return new Matcher(routes, options, yield * treeOf(routes, options))
  }

  /** The most specific route that fits the request. */
  match (view: RequestView): Match<T> {
    this.#facts.reset(view)
    this.#chosenNode = undefined
    const path = this.#pathOf(view)
    const params = this.#tree.find(path, this.#choose)
    if (params === undefined) return this.#chosenNode === undefined ? NOT_FOUND : this.#refusal(path)
    const chosen = this.#chosen as Entry<T>
    return new RouteMatch(
      chosen.route.value,
      this.#paramsOf(chosen, this.#chosenNode as unknown as MatcherNode<T>, params, path, view),
      chosen.pattern,
      view.path,
      path
    )
  }

  /** Every route whose path fits, in the order in which they are tried, each with what became of it. */
  explain (view: RequestView): Candidate<T>[] {
    const nodes: MatcherNode<T>[] = []
    this.#facts.reset(view)
    this.#tree.find(this.#pathOf(view), (node) => {
      nodes.push(node)
      return false
    })
    const chosen = nodes.map((node) => chooseEntry(node, this.#facts)).find((entry) => entry !== undefined)
    return explainMatch(nodes, chosen, this.#facts)
  }

  #pathOf ({ path }: RequestView): string {
    return this.#ignoresSlash && path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  }

  #paramsOf (
    entry: Entry<T>,
    node: MatcherNode<T>,
    found: Record<string, string>,
    path: string,
    view: RequestView
  ): Record<string, string> {
    let params = found
    if (!entry.sameNames) {
      params = Object.create(null) as Record<string, string>
      for (const [index, name] of node.pattern.parameters.entries()) {
        params[entry.pattern.parameters[index] as string] = found[name] as string
      }
    }
    if (entry.bare) params['*'] = ''
    // An ignored slash is only ignored for finding the route: what a wildcard covers stays whole.
    else if (path !== view.path && entry.pattern.kind === 'wildcard') params['*'] += '/'
    return params
  }

  /** Nothing serves the request; if that is only for its method, say which methods are served. */
  #refusal (path: string): Match<T> {
    const allow = new Set<string>()
    this.#tree.find(path, (node) => {
      forEachFitting(node.decision, this.#facts, ({ conditions }) => {
        for (const method of conditions.methods ?? []) allow.add(method)
      })
      return false
    })
    if (allow.has('GET')) allow.add('HEAD')
    return allow.size === 0 ? NOT_FOUND : { kind: 'method-not-allowed', allow: [...allow].toSorted() }
  }
}

function * treeOf<T> (routes: readonly RouteDefinition<T>[], { trailingSlash }: MatcherOptions): Steps<PathTree<MatcherNode<T>>> {
  return yield * PathTree.grow(yield * compileNodes(routes, trailingSlash === 'ignore'))
}

/** GET serves HEAD (RFC 9110 §9.3.2), unless the first fitting route on the same path that takes HEAD itself lists it. */
function chooseEntry<T> (node: MatcherNode<T>, facts: RequestFacts): Entry<T> | undefined {
  if (facts.view.method !== 'HEAD') return findFirst(node.decision, facts, takesMethod)
  const entry = findFirst(node.decision, facts, servesHead)
  if (entry === undefined || takesMethod(entry, facts)) return entry
  const own = findFirst(node.decision, facts, takesMethod)
  return own?.conditions.methods === undefined ? entry : own
}

function takesMethod ({ conditions: { methods } }: { readonly conditions: CompiledConditions }, { view }: RequestFacts): boolean {
  return methods === undefined || methods.includes(view.method)
}

function servesHead (entry: { readonly conditions: CompiledConditions }, facts: RequestFacts): boolean {
  return takesMethod(entry, facts) || entry.conditions.methods?.includes('GET') === true
}
