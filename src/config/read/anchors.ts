/** Anchors and aliases of one YAML text, with the bounds that keep a small file from becoming a huge value. */
import type { ListNode, MappingNode, Node } from './tree.ts'

/** Collections inside each other, aliases followed. */
export const maxDepth = 64
const maxAliases = 100
/** Values that all aliases of a file together may stand for. */
const maxExpanded = 100_000

/** The node an alias stands for, or why it stands for none; no complaint where the same one was already made. */
export type Resolved = { readonly node: Node } | { readonly complaint: string | undefined, readonly hint?: string }

interface Measure { readonly size: number, readonly height: number }
const leaf: Measure = { size: 1, height: 0 }

/** What each anchor of a text stands for. */
export class Anchors {
  readonly #nodes = new Map<string, Node | undefined>()
  readonly #measures = new WeakMap<Node, Measure>()
  #aliases = 0
  #expanded = 0

  /** The node of `name` begins: until it is closed, an alias of it would be inside itself. */
  open (name: string): void {
    this.#nodes.set(name, undefined)
  }

  close (name: string, node: Node): void {
    this.#nodes.set(name, node)
  }

  /** Takes the measure of a collection whose children all have theirs. */
  measure<T extends MappingNode | ListNode> (node: T): T {
    const inner = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.value)
    let size = 1
    let height = 0
    for (const part of inner) {
      const measured = this.#measures.get(part) ?? leaf
      size += measured.size
      height = Math.max(height, measured.height)
    }
    this.#measures.set(node, { size, height: height + 1 })
    return node
  }

  /** What the alias `name` stands for, `depth` collections down. */
  resolve (name: string, depth: number): Resolved {
    this.#aliases++
    if (this.#aliases > maxAliases) {
      return { complaint: this.#aliases === maxAliases + 1 ? `more than ${maxAliases} aliases in one file` : undefined }
    }
    const node = this.#nodes.get(name)
    if (node === undefined) {
      return this.#nodes.has(name)
        ? { complaint: `the alias *${name} is inside what it stands for` }
        : { complaint: `the alias *${name} has no anchor above it`, hint: `mark what it stands for with &${name}` }
    }
    const { size, height } = this.#measures.get(node) ?? leaf
    if (depth + height > maxDepth) return { complaint: `nested deeper than ${maxDepth} levels through the alias *${name}` }
    const before = this.#expanded
    this.#expanded += size
    if (this.#expanded <= maxExpanded) return { node }
    return { complaint: before <= maxExpanded ? `the aliases of this file stand for more than ${maxExpanded} values` : undefined }
  }
}
