/** The tree of a parsed document: values with their positions. */
import type { Steps } from '../../scheduling/steps.ts'
import { child, steps } from '../pointer.ts'
import type { Origin } from './origin.ts'
import type { Scalar } from './scalar.ts'
import type { Span } from './source.ts'

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly span: Span
  /** The decoded text, before interpolation. */
  readonly text: string
  /** Whether it is unquoted and has no tag, so that its text determines its type. */
  readonly plain: boolean
  /** The value. Interpolation replaces it. */
  value: Scalar
  /** The origins of parts of its text. */
  origins: readonly Origin[]
  /** Set where the scalar has a variable or a file in it. */
  variable?: Substituted
}

/** A text after substitution. */
export interface Substituted {
  readonly text: string
  /** Whether it was one variable and nothing else. */
  readonly whole: boolean
}

/** An entry of a mapping. `key` is the span of its key. */
export interface Entry { readonly key: Span, readonly value: Node }

export interface MappingNode {
  readonly kind: 'mapping'
  readonly span: Span
  /** Whether it is an indented block, and not `{…}`. */
  readonly block: boolean
  readonly entries: Map<string, Entry>
}

export interface ListNode {
  readonly kind: 'list'
  readonly span: Span
  readonly block: boolean
  readonly items: Node[]
}

export type Node = ScalarNode | MappingNode | ListNode

/** Keys with a meaning in JavaScript objects. They are harmless here, but not in all code that gets the value. */
export const reservedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The depth down to which each item is a separate step. Collections with thousands of items are near the root. */
export const stepDepth = 2

/** Calls `visit` for each scalar with each of its pointers. A scalar with aliases has several. */
export function * eachScalar (node: Node, visit: (scalar: ScalarNode, pointer: string) => void, pointer = '', depth = 0): Steps<void> {
  if (node.kind === 'scalar') return visit(node, pointer)
  for (const [key, inner] of children(node)) {
    yield * eachScalar(inner, visit, child(pointer, key), depth + 1)
    if (depth < stepDepth) yield
  }
}

/** Returns the plain value. Aliased parts are copied, so no part of the result is shared. */
export function * toValue (node: Node, depth = 0): Steps<unknown> {
  if (node.kind === 'scalar') return node.value
  const values: [string | number, unknown][] = []
  for (const [key, inner] of children(node)) {
    values.push([key, yield * toValue(inner, depth + 1)])
    if (depth < stepDepth) yield
  }
  return node.kind === 'list' ? values.map(([, value]) => value) : Object.fromEntries(values)
}

/** Returns the span of the entry at `pointer`, or of its nearest ancestor that exists. */
export function locate (root: Node, pointer: string, at: 'key' | 'value'): Span {
  let node = root
  let key: Span | undefined
  for (const step of steps(pointer)) {
    const entry = node.kind === 'mapping' ? node.entries.get(step) : undefined
    const next = node.kind === 'list' ? node.items[Number(step)] : entry?.value
    // An item of a text that was converted to a list has the position of the text.
    if (node.kind === 'scalar') return node.span
    // A missing key is reported at the key of its mapping.
    if (next === undefined) return key ?? node.span
    node = next
    key = entry?.key
  }
  // A block starts at its first entry, so its own start would point to that entry.
  const byKey = at === 'key' || (node.kind !== 'scalar' && node.block)
  return byKey ? key ?? node.span : node.span
}

function children (node: MappingNode | ListNode): [string | number, Node][] {
  if (node.kind === 'list') return node.items.map((item, index) => [index, item])
  return [...node.entries].map(([key, entry]) => [key, entry.value])
}
