/** A parsed document: values that still know where they were written. */
import type { Steps } from '../../scheduling/steps.ts'
import { child, steps } from '../pointer.ts'
import type { Origin } from './origin.ts'
import type { Scalar } from './scalar.ts'
import type { Span } from './source.ts'

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly span: Span
  /** Decoded, before interpolation. */
  readonly text: string
  /** Unquoted and untagged, so its type is read off its text. */
  readonly plain: boolean
  /** Interpolation replaces it. */
  value: Scalar
  /** Where parts of its text came from. */
  origins: readonly Origin[]
  /** What was put in, where it is one variable or file and nothing else. */
  variable?: string
}

/** `key` is where the key is written. */
export interface Entry { readonly key: Span, readonly value: Node }

export interface MappingNode {
  readonly kind: 'mapping'
  readonly span: Span
  /** Indented block or `{…}`. */
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

/** What has thousands of items is near the root: there the items are steps. */
export const stepDepth = 2

/** Calls `visit` for each scalar with each of its pointers: an aliased one has several. */
export function * eachScalar (node: Node, visit: (scalar: ScalarNode, pointer: string) => void, pointer = '', depth = 0): Steps<void> {
  if (node.kind === 'scalar') return visit(node, pointer)
  for (const [key, inner] of children(node)) {
    yield * eachScalar(inner, visit, child(pointer, key), depth + 1)
    if (depth < stepDepth) yield
  }
}

/** The plain value. Aliased parts are copied, so no part of the result is shared. */
export function * toValue (node: Node, depth = 0): Steps<unknown> {
  if (node.kind === 'scalar') return node.value
  const values: [string | number, unknown][] = []
  for (const [key, inner] of children(node)) {
    values.push([key, yield * toValue(inner, depth + 1)])
    if (depth < stepDepth) yield
  }
  return node.kind === 'list' ? values.map(([, value]) => value) : Object.fromEntries(values)
}

/** The span of the entry at `pointer`, or of its nearest ancestor that exists. */
export function locate (root: Node, pointer: string, at: 'key' | 'value'): Span {
  let node = root
  let key: Span | undefined
  for (const step of steps(pointer)) {
    const entry = node.kind === 'mapping' ? node.entries.get(step) : undefined
    const next = node.kind === 'list' ? node.items[Number(step)] : entry?.value
    // An item of a text that was read as a list is where the text is.
    if (node.kind === 'scalar') return node.span
    // What is missing is missing in this mapping, and a mapping is best known by its key.
    if (next === undefined) return key ?? node.span
    node = next
    key = entry?.key
  }
  // A block starts at its first entry, which would look as if that entry were meant.
  const byKey = at === 'key' || (node.kind !== 'scalar' && node.block)
  return byKey ? key ?? node.span : node.span
}

function children (node: MappingNode | ListNode): [string | number, Node][] {
  if (node.kind === 'list') return node.items.map((item, index) => [index, item])
  return [...node.entries].map(([key, entry]) => [key, entry.value])
}
