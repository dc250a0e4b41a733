/**
 * Finds the matching route among those on one path, at a cost that does not grow with their number. A long list is split by the host,
 * header or query parameter with the most distinct values; a request looks its own value up and sees only the few routes
 * that ask for it, and those that do not care. A route is stored once for each value it names, so memory stays linear.
 */
import { holds } from './conditions.ts'
import type { CompiledConditions, Subject } from './conditions.ts'
import type { RequestFacts } from './request-facts.ts'

/** A route in a list that is ordered by `rank`, the smallest first. */
export interface Ranked {
  readonly rank: number
  readonly conditions: CompiledConditions
}

/** A compiled list. `firstRank` is the smallest rank in it. */
export type Decision<E extends Ranked> = Leaf<E> | Split<E>

interface Leaf<E> {
  readonly firstRank: number
  readonly entries: readonly E[]
}

interface Split<E extends Ranked> {
  readonly firstRank: number
  readonly entries: undefined
  readonly subject: Subject
  readonly exact: ReadonlyMap<string, Decision<E>>
  /** By host suffix, `.example.com`. */
  readonly suffixes: ReadonlyMap<string, Decision<E>>
  /** Those that this value cannot select: no condition on it, or one that must be run. */
  readonly rest: Decision<E>
}

/** A list up to this long is scanned: cheaper than a look-up. */
const LEAF_SIZE = 8

/** Compiles a list that is in rank order. */
export function compileDecision<E extends Ranked> (entries: readonly E[], used: ReadonlySet<string> = new Set()): Decision<E> {
  const firstRank = entries[0]?.rank ?? Infinity
  const subject = entries.length > LEAF_SIZE ? bestSubject(entries, used) : undefined
  if (subject === undefined) return { firstRank, entries }
  const exact = new Map<string, E[]>()
  const suffixes = new Map<string, E[]>()
  const rest: E[] = []
  for (const entry of entries) {
    const test = testOf(entry, subject)
    if (test === undefined || test.exact.length + test.suffixes.length === 0) rest.push(entry)
    for (const value of new Set(test?.exact)) append(exact, value, entry)
    for (const suffix of new Set(test?.suffixes)) append(suffixes, suffix, entry)
  }
  const inner = new Set([...used, keyOf(subject)])
  return {
    firstRank,
    entries: undefined,
    subject,
    exact: compileAll(exact, inner),
    suffixes: compileAll(suffixes, inner),
    rest: compileDecision(rest, inner)
  }
}

/** The matching entry of smallest rank below `before` that `accepts` accepts. */
export function findFirst<E extends Ranked> (
  decision: Decision<E>,
  facts: RequestFacts,
  accepts: (entry: E, facts: RequestFacts) => boolean,
  before = Infinity
): E | undefined {
  if (decision.firstRank >= before) return undefined
  if (decision.entries !== undefined) return scan(decision.entries, facts, accepts, before)
  let best: E | undefined
  for (const branch of branchesFor(decision, facts)) {
    best = findFirst(branch, facts, accepts, best?.rank ?? before) ?? best
  }
  return best
}

/** Every matching entry, in no order. One that is stored under several values may appear more than once. */
export function forEachFitting<E extends Ranked> (decision: Decision<E>, facts: RequestFacts, visit: (entry: E) => void): void {
  if (decision.entries === undefined) {
    for (const branch of branchesFor(decision, facts)) forEachFitting(branch, facts, visit)
    return
  }
  for (const entry of decision.entries) {
    if (fits(entry, facts)) visit(entry)
  }
}

/** The number of entries that a request would test one by one. The split keeps it small. */
export function countVisited<E extends Ranked> (decision: Decision<E>, facts: RequestFacts): number {
  if (decision.entries !== undefined) return decision.entries.length
  return branchesFor(decision, facts).reduce((sum, branch) => sum + countVisited(branch, facts), 0)
}

/** Whether host, headers and query of the request match; the method is tested elsewhere. */
export function fits (entry: Ranked, facts: RequestFacts): boolean {
  for (const test of entry.conditions.tests) {
    if (!holds(test, facts.valueOf(test.subject))) return false
  }
  return true
}

function scan<E extends Ranked> (
  entries: readonly E[],
  facts: RequestFacts,
  accepts: (entry: E, facts: RequestFacts) => boolean,
  before: number
): E | undefined {
  for (const entry of entries) {
    if (entry.rank >= before) return undefined
    if (accepts(entry, facts) && fits(entry, facts)) return entry
  }
  return undefined
}

function branchesFor<E extends Ranked> (split: Split<E>, facts: RequestFacts): Decision<E>[] {
  const value = facts.valueOf(split.subject)
  const branches: Decision<E>[] = []
  if (typeof value === 'string') collectBranches(split, value, branches)
  else if (value !== undefined) for (const one of new Set(value)) collectBranches(split, one, branches)
  branches.push(split.rest)
  return branches
}

function collectBranches<E extends Ranked> (split: Split<E>, value: string, branches: Decision<E>[]): void {
  const exact = split.exact.get(value)
  if (exact !== undefined) branches.push(exact)
  if (split.suffixes.size === 0) return
  for (let dot = value.indexOf('.', 1); dot !== -1; dot = value.indexOf('.', dot + 1)) {
    const suffix = split.suffixes.get(value.slice(dot))
    if (suffix !== undefined) branches.push(suffix)
  }
}

/** The subject with the most distinct values, if splitting by it makes every part shorter and spares enough tests. */
function bestSubject<E extends Ranked> (entries: readonly E[], used: ReadonlySet<string>): Subject | undefined {
  const tallies = new Map<string, { readonly subject: Subject, readonly values: Map<string, number>, selectable: number }>()
  for (const { conditions } of entries) {
    for (const { subject, exact, suffixes } of conditions.tests) {
      const key = keyOf(subject)
      if (exact.length + suffixes.length === 0 || used.has(key)) continue
      const tally = tallies.get(key) ?? { subject, values: new Map(), selectable: 0 }
      tally.selectable++
      for (const value of [...exact, ...suffixes]) tally.values.set(value, (tally.values.get(value) ?? 0) + 1)
      tallies.set(key, tally)
    }
  }
  // A look-up costs about as much as four tests.
  const useful = [...tallies.values()].filter(({ selectable, values }) => selectable >= LEAF_SIZE / 2 && largest(values) < entries.length)
  return useful.toSorted((a, b) => b.values.size - a.values.size)[0]?.subject
}

function largest (values: ReadonlyMap<string, number>): number {
  let most = 0
  for (const count of values.values()) most = Math.max(most, count)
  return most
}

function testOf (entry: Ranked, subject: Subject) {
  const key = keyOf(subject)
  return entry.conditions.tests.find((test) => keyOf(test.subject) === key)
}

function keyOf (subject: Subject): string {
  return subject.in === 'host' ? 'host' : `${subject.in} ${subject.name}`
}

function append<E> (lists: Map<string, E[]>, value: string, entry: E): void {
  const list = lists.get(value)
  if (list === undefined) lists.set(value, [entry])
  else list.push(entry)
}

function compileAll<E extends Ranked> (lists: ReadonlyMap<string, E[]>, used: ReadonlySet<string>): ReadonlyMap<string, Decision<E>> {
  return new Map(Array.from(lists, ([value, entries]) => [value, compileDecision(entries, used)]))
}
