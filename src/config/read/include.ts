/** Reads a configuration in several files: follows `include` and merges the files. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { atOnce, type Steps } from '../../scheduling/steps.ts'
import { nameOf, type ConfigSource, type GivenConfig } from './config-source.ts'
import { fromValue } from './from-value.ts'
import { parseInSteps } from './parse.ts'
import { child } from '../pointer.ts'
import type { ReadContext } from './read-context.ts'
import type { Span } from './source.ts'
import { fingerprint } from './text-file.ts'
import type { Entry, MappingNode, Node, ScalarNode } from './tree.ts'

const fileLimit = 4 * 1024 * 1024
/** The largest size of all files together, in bytes. */
const totalLimit = 32 * 1024 * 1024

/** The place that includes a file; absent for the main file. */
type Request = { readonly span: Span, readonly pointer: string } | undefined

/** Reads a configuration and the files that it includes, as one mapping; undefined when it has no usable mapping itself. */
export function * readTree (main: ConfigSource, context: ReadContext): Steps<MappingNode | undefined> {
  const inclusion = new Inclusion(context)
  return typeof main === 'string' ? yield * inclusion.read(main, undefined, []) : yield * inclusion.readGiven(main)
}

class Inclusion {
  readonly #context: ReadContext
  readonly #seen = new Set<string>()
  #left = totalLimit

  constructor (context: ReadContext) {
    this.#context = context
  }

  /** Reads a file. `trail` is the chain of including files. */
  * read (file: string, request: Request, trail: readonly string[]): Steps<MappingNode | undefined> {
    return yield * this.#include(yield * this.#parse(file, request), file, trail)
  }

  /** Reads the configuration that a program gives. */
  * readGiven (given: GivenConfig): Steps<MappingNode | undefined> {
    const { content } = given
    const name = nameOf(given)
    if (typeof content !== 'string') {
      return yield * this.#include(fromValue(content, name, problem => this.#context.report(problem)), name, [])
    }
    this.#context.sources.add(name, content)
    return yield * this.#include(yield * this.#parseText(name, undefined), name, [])
  }

  * #include (root: Node | undefined, file: string, trail: readonly string[]): Steps<MappingNode | undefined> {
    if (root === undefined) return undefined
    if (root.kind !== 'mapping') {
      const message = 'a configuration file must be a mapping of keys'
      this.#context.report({ pointer: '', span: root.span, message, hint: 'such as "routes:"' })
      return undefined
    }
    const id = identity(file)
    this.#seen.add(id)
    // Top-level `x-*` keys only hold anchors, so two files may use the same key.
    const entries = new Map([...root.entries].filter(([key]) => key !== 'include' && !key.startsWith('x-')))
    let tree: MappingNode = { ...root, entries }
    for (const { path, request: asked } of this.#requests(root.entries.get('include'), file, [...trail, id])) {
      const part = yield * this.read(path, asked, [...trail, id])
      if (part !== undefined) tree = this.#merge(tree, part)
    }
    return tree
  }

  * #parse (file: string, request: Request): Steps<Node | undefined> {
    const { sources, files } = this.#context
    if (this.#left < 0) return undefined
    const read = this.#context.readText(file, fileLimit)
    files.set(file, read.print)
    if (read.text !== undefined) {
      sources.add(file, read.text)
      this.#left -= read.text.length
    }
    if (this.#left < 0) {
      const message = `all files together are larger than ${totalLimit / 1024 / 1024} MiB`
      this.#context.report({ pointer: request?.pointer ?? '', ...(request && { span: request.span }), message })
      return undefined
    }
    if ('failure' in read) {
      const span = read.offset === undefined ? request?.span : { file, start: read.offset, end: read.offset + 1 }
      this.#context.report({ pointer: request?.pointer ?? '', message: `cannot read ${file}: ${read.failure}`, ...(span && { span }) })
      return undefined
    }
    return yield * this.#parseText(file, request)
  }

  * #parseText (file: string, request: Request): Steps<Node | undefined> {
    const { sources, problems } = this.#context
    const { root, problems: found } = yield * parseInSteps(file, sources)
    for (const problem of found) problems.push(problem)
    if (root === undefined && found.length === 0) {
      const severity = request === undefined ? {} : { severity: 'warning' as const }
      const message = this.#context.files.has(file) ? 'the file is empty' : 'the configuration is empty'
      this.#context.report({ ...severity, pointer: '', span: { file, start: 0, end: 0 }, message })
    }
    return root
  }

  /** The files that `include` in `file` names, in order. Each is looked up only after the ones before it were read. */
  * #requests (entry: Entry | undefined, file: string, trail: readonly string[]): Generator<{ path: string, request: Request }> {
    if (entry === undefined) return
    if (!this.#context.open) {
      return this.#context.report({ pointer: '/include', span: entry.key, message: 'this file cannot include other files' })
    }
    const { value } = entry
    atOnce(this.#context.interpolate(value, '/include'))
    const items: [
      Node,
      string
    ][] = value.kind === 'list' ? value.items.map((item, index) => [item, child('/include', index)]) : [[value, '/include']]
    for (const [item, pointer] of items) {
      if (item.kind === 'scalar' && typeof item.value === 'string') yield * this.#expand(item, item.value, file, trail, pointer)
      else this.#context.report({ pointer, span: item.span, message: 'expected a file name or a pattern', hint: 'such as "routes/*.yaml"' })
    }
  }

  #expand (
    { span }: ScalarNode,
    pattern: string,
    file: string,
    trail: readonly string[],
    pointer: string
  ): { path: string, request: Request }[] {
    const request = { span, pointer }
    const beside = (name: string): string => isAbsolute(name) ? name : join(dirname(file), name)
    if (!/[*?[{]/.test(pattern)) {
      const path = beside(pattern)
      const id = identity(path)
      if (trail.includes(id)) this.#context.report({
        pointer,
        span,
        message: `${path} includes itself`,
        hint: trail.length > 1 ? 'through the files in between' : undefined
      })
      else if (this.#seen.has(id)) this.#context.report({ severity: 'warning', pointer, span, message: `${path} is already included` })
      else return [{ path, request }]
      return []
    }
    const search = (): readonly string[] => this.#context.search(pattern, dirname(file))
    // The folders are recorded before they are searched, so that a file that is created meanwhile is detected later as a change.
    this.#watchFolders(beside(pattern), search())
    const paths = search()
    if (paths.length === 0) {
      const severity = pattern.includes('*') ? { severity: 'warning' as const } : {}
      this.#context.report({ ...severity, pointer, span, message: `no file matches "${pattern}"` })
    }
    // A pattern such as `*.yaml` may match the including file, or a file that is also included by name.
    return paths.filter((path) => !this.#seen.has(identity(path))).map((path) => ({ path, request }))
  }

  /** Records the folders of a pattern, because a new file there changes the document. */
  #watchFolders (pattern: string, paths: readonly string[]): void {
    const still = dirname(`${pattern.split(/[*?[{]/, 1)[0]}_`)
    for (const folder of [still, ...paths.map((path) => dirname(path))]) {
      if (existsSync(folder)) this.#context.files.set(folder, fingerprint(folder))
    }
  }

  #merge (into: MappingNode, from: MappingNode): MappingNode {
    const entries = new Map(into.entries)
    for (const [key, entry] of from.entries) {
      const present = entries.get(key)
      entries.set(key, present === undefined ? entry : { key: present.key, value: this.#join(present, entry, child('', key)) })
    }
    return { ...into, entries }
  }

  /** Merges the values of a top-level key that is in two files. */
  #join (first: Entry, second: Entry, pointer: string): Node {
    const [a, b] = [first.value, second.value]
    if (empty(b)) return a
    if (empty(a)) return b
    if (a.kind === 'list' && b.kind === 'list') return { ...a, items: [...a.items, ...b.items] }
    if (a.kind !== 'mapping' || b.kind !== 'mapping') {
      this.#twice(pointer, first, second)
      return a
    }
    const entries = new Map(a.entries)
    for (const [key, entry] of b.entries) {
      const present = entries.get(key)
      if (present === undefined) entries.set(key, entry)
      else this.#twice(child(pointer, key), present, entry)
    }
    return { ...a, entries }
  }

  #twice (pointer: string, first: Entry, second: Entry): void {
    const place = this.#context.sources.place(first.key)
    const name = pointer.slice(1).replaceAll('/', '.')
    const hint = `it is already ${place === undefined ? 'in the given configuration' : `at ${place.file}:${place.line}:${place.column}`}`
    this.#context.report({ pointer, at: 'key', span: second.key, message: `"${name}" is in two files`, hint })
  }
}

/** Whether a key has no value, such as a `routes:` whose items are all in other files. */
function empty (node: Node): boolean {
  return node.kind === 'scalar' && node.value === null
}

function identity (path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
