/** Anchors and aliases of one YAML text, with limits so that a small file cannot expand to a huge value. */
import type { ListNode, MappingNode, Node } from './tree.ts'

/** The deepest nesting, including that behind aliases. */
export const maxDepth = 64
const maxAliases = 100
/** The most values that all aliases of a file together may expand to. */
const maxExpanded = 100_000

/** The node of an alias, or why there is none. The complaint is undefined when it was already reported. */
export type Resolved = { readonly node: Node } | { readonly complaint: string | undefined, readonly hint?: string }

interface Measure { readonly size: number, readonly height: number }
const leaf: Measure = { size: 1, height: 0 }

/** The anchors of a text. */
export class Anchors {
  readonly #nodes = new Map<string, Node | undefined>()
  readonly #measures = new WeakMap<Node, Measure>()
  #aliases = 0
  #expanded = 0

  /** Begins the node of the anchor `name`. Until it is closed, an alias of it would be inside itself. */
  open (name: string): void {
    this.#nodes.set(name, undefined)
  }

  close (name: string, node: Node): void {
    this.#nodes.set(name, node)
  }

  /** Computes the size of a collection. Its children must have been measured. */
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

  /** Resolves the alias `name`, which is nested `depth` collections deep. */
  resolve (name: string, depth: number): Resolved {
    this.#aliases++
    if (this.#aliases > maxAliases) {
      return { complaint: this.#aliases === maxAliases + 1 ? `more than ${maxAliases} aliases in one file` : undefined }
    }
    const node = this.#nodes.get(name)
    if (node === undefined) {
      return this.#nodes.has(name)
        ? { complaint: `the alias *${name} is inside its own anchor` }
        : { complaint: `the alias *${name} has no anchor above it`, hint: `mark the value with &${name}` }
    }
    const { size, height } = this.#measures.get(node) ?? leaf
    if (depth + height > maxDepth) return { complaint: `nested deeper than ${maxDepth} levels through the alias *${name}` }
    const before = this.#expanded
    this.#expanded += size
    if (this.#expanded <= maxExpanded) return { node }
    return { complaint: before <= maxExpanded ? `the aliases of this file expand to more than ${maxExpanded} values` : undefined }
  }
}
