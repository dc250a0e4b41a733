/** Values that replace those of a configuration for one run, such as the arguments `--set server.port=8081`. */

import { join } from 'node:path'
import type { Steps } from '../../scheduling/steps.ts'
import { child } from '../pointer.ts'
import { folderOf, type ConfigSource } from './config-source.ts'
import { parseInSteps } from './parse.ts'
import type { ReadContext } from './read-context.ts'
import { Sources, type Span } from './source.ts'
import { reservedKeys, type Entry, type MappingNode, type Node } from './tree.ts'

/** A value for one key. Problems with it are shown in `text`. */
export interface Override {
  /** One line, as the user wrote it. */
  readonly text: string
  /** The keys on the way to the value, with the place of each in `text`; `0`, `1`, … for items of lists. */
  readonly path: readonly Segment[]
  /** Where the value begins in `text`. It ends with the text, and is YAML. */
  readonly valueAt: number
}

/** A key, and its place in a text. */
export interface Segment {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** Splits `server.port` into its keys; `\.` is a dot inside a key. */
export function pathOf (text: string, start: number, end: number): Segment[] {
  const segments: Segment[] = []
  for (let at = start; at <= end;) {
    let next = at
    while (next < end && text[next] !== '.') next += text[next] === '\\' ? 2 : 1
    next = Math.min(next, end)
    segments.push({ key: text.slice(at, next).replaceAll('\\.', '.'), start: at, end: next })
    at = next + 1
  }
  return segments
}

/** The tree with the values in place of its own. Reports what cannot be set. */
export function * override (
  root: MappingNode,
  overrides: readonly Override[],
  main: ConfigSource,
  context: ReadContext
): Steps<MappingNode> {
  if (overrides.length === 0) return root
  const file = join(folderOf(main), '<arguments>')
  const text = overrides.map(one => one.text).join('\n')
  context.sources.add(file, text)
  let tree = root
  let at = 0
  for (const one of overrides) {
    const value = yield * valueOf(text, file, at + one.valueAt, at + one.text.length, context)
    const path = one.path.map(({ key, start, end }) => ({ key, span: { file, start: at + start, end: at + end } }))
    at += one.text.length + 1
    if (value === undefined) continue
    const set = new Setting(path, value, context).apply(tree)
    if (set?.kind === 'mapping') tree = set
  }
  return tree
}

/** Parses a value where it stands, so that its parts have the right places. Undefined where it is invalid. */
function * valueOf (text: string, file: string, start: number, end: number, { problems }: ReadContext): Steps<Node | undefined> {
  const alone = new Sources()
  alone.add(file, text.slice(0, start).replaceAll(/[^\n]/g, ' ') + text.slice(start, end))
  const { root, problems: found } = yield * parseInSteps(file, alone)
  // In a text of its own, the line of a problem would show the value alone.
  for (const problem of found) problems.push(problem)
  if (found.length > 0) return undefined
  return root ?? { kind: 'scalar', span: { file, start: end, end }, text: '', plain: true, value: null, origins: [] }
}

class Setting {
  readonly #path: readonly { readonly key: string, readonly span: Span }[]
  readonly #value: Node
  readonly #context: ReadContext

  constructor (path: readonly { readonly key: string, readonly span: Span }[], value: Node, context: ReadContext) {
    this.#path = path
    this.#value = value
    this.#context = context
  }

  /** A copy of `node` with the value in it: what an anchor shares with other places must not change there. Undefined for a problem. */
  apply (node: Node | undefined, depth = 0, pointer = ''): Node | undefined {
    const segment = this.#path[depth]
    if (segment === undefined) return this.#value
    const { key, span } = segment
    const place = { pointer: child(pointer, key), span }
    if (key === '') return this.#refuse({ ...place, message: 'a key is missing', hint: 'such as --set server.port=8081' })
    if (reservedKeys.has(key)) return this.#refuse({ ...place, message: `the key "${key}" is not allowed` })
    if (place.pointer === '/include') return this.#refuse({ ...place, message: 'files are included by a file only' })
    if (node?.kind === 'list') {
      const index = Number(key)
      if (!/^\d+$/.test(key) || index > node.items.length) {
        return this.#refuse({ ...place, message: `expected the number of an item, from 0 to ${node.items.length}, got "${key}"` })
      }
      const item = this.apply(node.items[index], depth + 1, place.pointer)
      return item && { ...node, items: node.items.toSpliced(index, 1, item) }
    }
    if (node?.kind === 'scalar' && node.value !== null) {
      return this.#refuse({ ...place, message: `"${this.#path[depth - 1]!.key}" has no keys: it is ${JSON.stringify(node.text)}` })
    }
    const entries = new Map<string, Entry>(node?.kind === 'mapping' ? node.entries : [])
    const known = entries.get(key)
    const value = this.apply(known?.value, depth + 1, place.pointer)
    if (value === undefined) return undefined
    const last = depth === this.#path.length - 1
    entries.set(key, { key: known === undefined || last ? span : known.key, value })
    return node?.kind === 'mapping' ? { ...node, entries } : { kind: 'mapping', span, block: true, entries }
  }

  #refuse (problem: { pointer: string, span: Span, message: string, hint?: string }): undefined {
    this.#context.report({ ...problem, at: 'key' })
  }
}
