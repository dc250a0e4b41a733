/**
 * Finds routes that no request can reach, because earlier routes on the same path match all of their requests.
 *
 * A route ranks before another only if it has at least as many conditions, so it can cover the other only if both
 * test the same subjects in the same way. That makes the search a look-up: by path, subjects, and exact values.
 */
import { atOnce, type Steps } from '../../../src/index.ts'
import { compareConditions, compileConditions } from './conditions.ts'
import { Matcher } from './matcher.ts'
import { withoutTrailingSlash } from './pattern.ts'
import { viewOf, witnesses } from './example-request.ts'
import type { CompiledConditions, Test } from './conditions.ts'
import type { MatcherOptions } from './matcher.ts'
import type { RouteDefinition } from './nodes.ts'
import type { Witness } from './example-request.ts'

/** A route that can never be reached. */
export interface Shadowed<T> {
  readonly route: RouteDefinition<T>
  /** The routes that together take all its requests. */
  readonly by: readonly RouteDefinition<T>[]
  /** Its conditions equal those of the one route in `by`. */
  readonly duplicate: boolean
  /**
   * A request that matches the route but gets one of `by`, checked with the matcher. Undefined where no
   * example was found; the finding holds anyway.
   */
  readonly witness: Witness | undefined
}

interface Contender<T> {
  readonly route: RouteDefinition<T>
  readonly conditions: CompiledConditions
}

/** A part of a route that is covered or not as a whole: one of its methods on one of its hosts. */
interface Share<T> {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly by: Contender<T> | undefined
}

type Finding<T> = Omit<Shadowed<T>, 'witness'> & { readonly shares: readonly Share<T>[] }

/** Finds the unreachable routes of a file, in file order. About linear in the number of routes. */
export function findShadowed<T> (routes: readonly RouteDefinition<T>[], options?: MatcherOptions): Shadowed<T>[] {
  return atOnce(findShadowedInSteps(routes, options))
}

/** The same as a generator, so that the caller can yield to the event loop. */
export function * findShadowedInSteps<T> (
  routes: readonly RouteDefinition<T>[],
  options: MatcherOptions = { trailingSlash: 'strict' }
): Steps<Shadowed<T>[]> {
  const findings: Finding<T>[] = []
  for (const group of (yield * groupByPath(routes, options)).values()) {
    findings.push(...findInGroup(group))
    yield
  }
  if (findings.length === 0) return []
  const matcher = yield * Matcher.compile(routes.map((route) => ({ ...route, value: route })), options)
  return findings
    .map(({ shares, ...found }) => ({ ...found, witness: findWitness(found.route, shares, matcher) }))
    .toSorted((a, b) => a.route.order - b.route.order)
}

function * groupByPath<T> (routes: readonly RouteDefinition<T>[], options: MatcherOptions): Steps<Map<string, Contender<T>[]>> {
  const groups = new Map<string, Contender<T>[]>()
  for (const route of routes) {
    const { canonical } = options.trailingSlash === 'ignore' ? withoutTrailingSlash(route.path) : route.path
    const contender = { route, conditions: compileConditions(route.conditions) }
    const group = groups.get(canonical)
    if (group === undefined) groups.set(canonical, [contender])
    else group.push(contender)
    yield
  }
  return groups
}

function findInGroup<T> (group: readonly Contender<T>[]): Finding<T>[] {
  if (group.length === 1) return []
  const reachable = new Map<string, Contender<T>[]>()
  const findings: Finding<T>[] = []
  for (const contender of group.toSorted((a, b) => compareConditions(a.conditions, b.conditions) || a.route.order - b.route.order)) {
    const shares = sharesOf(contender, reachable)
    if (shares.every(({ by }) => by !== undefined)) findings.push(finding(contender, shares))
    // The routes that cover a shadowed route also cover all that it could cover, so only reachable ones are kept.
    else for (const host of hostsOf(contender)) remember(reachable, signature(contender, host), contender)
  }
  return findings
}

function finding<T> (contender: Contender<T>, shares: readonly Share<T>[]): Finding<T> {
  const by = [...new Set(shares.flatMap((share) => share.by ?? []))]
  const [only] = by
  const duplicate = by.length === 1 && only !== undefined && identity(only) === identity(contender)
  return { route: contender.route, by: by.map(({ route }) => route), duplicate, shares }
}

function sharesOf<T> (contender: Contender<T>, reachable: ReadonlyMap<string, readonly Contender<T>[]>): Share<T>[] {
  return hostsOf(contender).flatMap((host) => {
    const rivals = coveringHosts(host).flatMap((wider) => reachable.get(signature(contender, wider)) ?? []).filter((rival) => covers(
      rival,
      contender
    ))
    return (contender.conditions.methods ?? [undefined]).map((method) => ({
      method,
      host,
      by: rivals.find((rival) => takes(rival, method))
    }))
  })
}

/** `undefined` matches every method, and is covered only by a route for every method. A HEAD that a route lists is not covered by GET. */
function takes<T> ({ conditions: { methods } }: Contender<T>, method: string | undefined): boolean {
  return methods === undefined || (method !== undefined && methods.includes(method))
}

/** The signatures are equal, so only presence is left: `*` is stricter than `present: true`. */
function covers<T> (rival: Contender<T>, contender: Contender<T>): boolean {
  return rival.conditions.tests.every((test) => {
    if (test.kind !== 'filled') return true
    return contender.conditions.tests.find((own) => subjectKey(own) === subjectKey(test))?.kind === 'filled'
  })
}

function hostsOf<T> ({ conditions }: Contender<T>): (string | undefined)[] {
  const host = conditions.tests.find((test) => test.subject.in === 'host')
  return host === undefined ? [undefined] : [...host.exact, ...host.suffixes]
}

/** The host itself and every wildcard that includes it: `.a.example.com` is in `.example.com`. */
function coveringHosts (host: string | undefined): (string | undefined)[] {
  if (host === undefined) return [undefined]
  const covering = [host]
  for (let dot = host.indexOf('.', 1); dot !== -1; dot = host.indexOf('.', dot + 1)) covering.push(host.slice(dot))
  return covering
}

function signature<T> ({ conditions }: Contender<T>, host: string | undefined): string {
  const others = conditions.tests.filter((test) => test.subject.in !== 'host')
  const kinds = others.map((test) => JSON.stringify([
    subjectKey(test),
    test.kind === 'filled' ? 'present' : test.kind,
    test.exact,
    test.regex?.source
  ]))
  return JSON.stringify([host ?? null, kinds.toSorted()])
}

function identity<T> (contender: Contender<T>): string {
  const kinds = contender.conditions.tests.map((test) => JSON.stringify([
    subjectKey(test), test.kind, test.exact.toSorted(), test.suffixes.toSorted(), test.regex?.source
  ]))
  return JSON.stringify([contender.conditions.methods?.toSorted(), kinds.toSorted()])
}

function subjectKey ({ subject }: Test): string {
  return subject.in === 'host' ? 'host' : `${subject.in} ${subject.name}`
}

function remember<T> (reachable: Map<string, Contender<T>[]>, key: string, contender: Contender<T>): void {
  const known = reachable.get(key)
  if (known === undefined) reachable.set(key, [contender])
  else known.push(contender)
}

function findWitness<T> (
  route: RouteDefinition<T>,
  shares: readonly Share<T>[],
  matcher: Matcher<RouteDefinition<T>>
): Witness | undefined {
  for (const { method, host, by } of shares) {
    const hostName = host?.startsWith('.') ? `*${host}` : host
    for (const witness of witnesses(route.path, route.conditions, method ?? by?.conditions.methods?.[0] ?? 'GET', hostName)) {
      const match = matcher.match(viewOf(witness))
      if (match.kind === 'route' && match.value === by?.route) return witness
    }
  }
  return undefined
}
