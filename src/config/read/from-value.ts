/** Converts a value of a program to the tree that a parsed document has. Its nodes have no place in a file. */

import { maxDepth } from './anchors.ts'
import { child } from '../pointer.ts'
import { nowhere } from './source.ts'
import { reservedKeys, type Entry, type Node } from './tree.ts'

/** What is wrong with a part of a value. */
type Report = (problem: { readonly pointer: string, readonly message: string }) => void

/**
 * Converts a value. It may consist of plain objects, lists, texts, numbers, booleans and null; keys that are undefined are left out.
 * @param file the name that relative paths in the value start from
 */
export function fromValue (value: unknown, file: string, report: Report): Node {
  return new Conversion(file, report).node(value, '', 0)
}

class Conversion {
  readonly #report: Report
  readonly #file: string
  /** The objects and lists around the current part. */
  readonly #around = new Set<object>()

  constructor (file: string, report: Report) {
    this.#file = file
    this.#report = report
  }

  node (value: unknown, pointer: string, depth: number): Node {
    if (Array.isArray(value) || isPlain(value)) return this.#collection(value, pointer, depth)
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'scalar', span: nowhere(this.#file), text: String(value), plain: true, value, origins: [] }
    }
    return this.#unfit(pointer, `expected a plain object, a list, text, a number, true, false or null, got ${nameOf(value)}`)
  }

  #collection (value: readonly unknown[] | Record<string, unknown>, pointer: string, depth: number): Node {
    if (this.#around.has(value)) return this.#unfit(pointer, 'contains itself')
    if (depth > maxDepth) return this.#unfit(pointer, `must not be deeper than ${maxDepth} levels`)
    this.#around.add(value)
    const [span, block] = [nowhere(this.#file), false]
    const node: Node = Array.isArray(value)
      ? { kind: 'list', span, block, items: value.map((item, index) => this.node(item, child(pointer, index), depth + 1)) }
      : { kind: 'mapping', span, block, entries: this.#entries(value as Record<string, unknown>, pointer, depth) }
    this.#around.delete(value)
    return node
  }

  #entries (value: Record<string, unknown>, pointer: string, depth: number): Map<string, Entry> {
    const entries = new Map<string, Entry>()
    for (const [key, item] of Object.entries(value)) {
      const at = child(pointer, key)
      if (reservedKeys.has(key)) this.#report({ pointer: at, message: `the key "${key}" is not allowed` })
      else if (item !== undefined) entries.set(key, { key: nowhere(this.#file), value: this.node(item, at, depth + 1) })
    }
    return entries
  }

  #unfit (pointer: string, message: string): Node {
    this.#report({ pointer, message })
    return { kind: 'scalar', span: nowhere(this.#file), text: '', plain: false, value: null, origins: [] }
  }
}

function isPlain (value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  if (Object.hasOwn(value, 'constructor')) return true
  // By name, because each realm, such as that of a test runner, has its own `Object`.
  const maker = value.constructor as { readonly name: string } | undefined
  return maker === undefined || maker.name === 'Object'
}

function nameOf (value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : `a ${typeof value}`
  return `an instance of ${value.constructor?.name ?? 'a class'}`
}
