/** Parses one YAML text to a tree with positions, and reports all its problems. */
import { COLLECTION_STYLE, EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml'
import { Anchors } from './anchors.ts'
import { findEventsInThread } from './events-in-thread.ts'
import { findEvents, type Events, type Found } from './events.ts'
import { mergeInto } from './merge-key.ts'
import { child } from '../pointer.ts'
import { atOnce, errand, type Steps } from '../../scheduling/steps.ts'
import type { Problem } from '../check/problem.ts'
import { typeScalar, typeTagged } from './scalar.ts'
import type { Sources, Span } from './source.ts'
import { explainSyntax } from './syntax.ts'
import { reservedKeys, stepDepth, type Entry, type ListNode, type MappingNode, type Node, type ScalarNode } from './tree.ts'

/** The result. `root` is undefined for a text without a value, and for invalid YAML. */
export interface Parsed { readonly root: Node | undefined, readonly problems: readonly Problem[] }

/** Parses the text of `file` from `sources`. Never throws for invalid input. Pointers are relative to the root of this file. */
export function parse (file: string, sources: Sources): Parsed {
  return atOnce(parseInSteps(file, sources))
}

/** The same in steps. */
export function * parseInSteps (file: string, sources: Sources): Steps<Parsed> {
  const text = sources.text(file) ?? ''
  // Reading the file was one piece.
  yield
  const shielded = shieldVariables(text)
  const found = yield * errand<Found>({ here: () => findEvents(shielded), beside: async () => await findEventsInThread(shielded) })
  if ('events' in found) return yield * new Composer(file, text, found.events, sources).compose()
  const { reason, offset } = found.fault
  const position = sources.position({ file, start: offset, end: offset + 1 })
  const complaint = explainSyntax(reason, sources.line(position), position.column)
  return { root: undefined, problems: [{ severity: 'error', pointer: '', position, ...complaint }] }
}

/**
 * The same text with `_` in place of the characters of `${…}` that YAML does not allow in an unquoted value inside { } and [ ]. All offsets
 * stay, and values are taken from the original text. A `${` before a quote is left alone, because its `}` may belong to another value.
 */
function shieldVariables (text: string): string {
  if (!text.includes('${')) return text
  return text.replaceAll(/\$\{[^}\n'"]*\}/g, variable => variable.replaceAll(/[{}[\],]/g, '_'))
}

type Collection = MappingEvent | SequenceEvent
type ValueEvent = Collection | ScalarEvent | AliasEvent

class Composer {
  readonly #file: string
  readonly #text: string
  readonly #events: Events
  readonly #sources: Sources
  readonly #anchors = new Anchors()
  readonly #problems: Problem[] = []
  #index = 0

  constructor (file: string, text: string, events: Events, sources: Sources) {
    this.#file = file
    this.#text = text
    this.#events = events
    this.#sources = sources
  }

  * compose (): Steps<Parsed> {
    if (this.#events.length === 0) return { root: undefined, problems: [] }
    this.#index = 1
    const root = yield * this.#value('', this.#span(0, 0), 0)
    // After the end of the first document.
    if (this.#events.at(this.#index + 1)?.type === EVENT_ID.DOCUMENT) {
      const first = this.#events.at(this.#index + 2) as ValueEvent
      this.#report('', this.#spanOf(first, this.#span(0, 0)), 'a second document starts here', 'remove the "---" line before it')
    }
    const empty = root.kind === 'scalar' && root.plain && root.text === ''
    return { root: empty ? undefined : root, problems: this.#problems }
  }

  /** `around` is the place of an empty value. */
  * #value (pointer: string, around: Span, depth: number): Steps<Node> {
    const event = this.#next() as ValueEvent
    const span = this.#spanOf(event, around)
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event, span, pointer, depth)
    const anchor = event.anchorStart === -1 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd)
    if (anchor !== undefined) this.#anchors.open(anchor)
    const node = event.type === EVENT_ID.SCALAR
      ? this.#scalar(event, span, pointer)
      : event.type === EVENT_ID.SEQUENCE
        ? yield * this.#list(event, span, pointer, depth)
        : yield * this.#mapping(event, span, pointer, depth)
    if (anchor !== undefined) this.#anchors.close(anchor, node)
    return node
  }

  #scalar (event: ScalarEvent, span: Span, pointer: string): ScalarNode {
    const text = getScalarValue(this.#text, event)
    const tag = this.#tag(event)
    const plain = event.style === SCALAR_STYLE.PLAIN && tag === undefined
    const value = tag === undefined ? (plain ? typeScalar(text) : text) : typeTagged(text, tag)
    if (value === undefined) this.#report(pointer, span, `${JSON.stringify(text)} cannot be read as ${tag}`, tagHint)
    return { kind: 'scalar', span, text, plain, value: value ?? null, origins: [] }
  }

  * #list (event: SequenceEvent, span: Span, pointer: string, depth: number): Steps<ListNode> {
    this.#checkTag(event, '!!seq', pointer, span)
    const items: Node[] = []
    while (!this.#ended()) {
      items.push(yield * this.#value(child(pointer, items.length), span, depth + 1))
      if (depth < stepDepth) yield
    }
    return this.#anchors.measure({ kind: 'list', span, block: event.style === COLLECTION_STYLE.BLOCK, items })
  }

  * #mapping (event: MappingEvent, span: Span, pointer: string, depth: number): Steps<MappingNode> {
    this.#checkTag(event, '!!map', pointer, span)
    const entries = new Map<string, Entry>()
    const merged: Node[] = []
    while (!this.#ended()) {
      yield * this.#entry(entries, merged, span, pointer, depth)
      if (depth < stepDepth) yield
    }
    for (const source of merged) {
      const wrong = mergeInto(entries, source)
      if (wrong !== undefined) this.#report(pointer, wrong.span, '"<<" takes a mapping or a list of mappings', 'such as <<: *name')
    }
    return this.#anchors.measure({ kind: 'mapping', span, block: event.style === COLLECTION_STYLE.BLOCK, entries })
  }

  * #entry (entries: Map<string, Entry>, merged: Node[], around: Span, pointer: string, depth: number): Steps<void> {
    const event = this.#events.at(this.#index) as ValueEvent
    const span = this.#spanOf(event, around)
    if (event.type !== EVENT_ID.SCALAR) {
      this.#report(pointer, span, 'a key must be plain text')
      yield * this.#value(pointer, span, depth + 1)
      yield * this.#value(pointer, span, depth + 1)
      return
    }
    this.#index++
    const key = getScalarValue(this.#text, event)
    const inner = child(pointer, key)
    const value = yield * this.#value(inner, span, depth + 1)
    if (key === '<<' && event.style === SCALAR_STYLE.PLAIN) return void merged.push(value)
    if (reservedKeys.has(key)) return this.#report(inner, span, `the key "${key}" is not allowed`)
    const first = entries.get(key)
    if (first === undefined) return void entries.set(key, { key: span, value })
    this.#report(
      inner,
      span,
      `the key ${JSON.stringify(key)} appears twice`,
      `it is already on line ${this.#sources.position(first.key).line}`
    )
  }

  #alias (event: AliasEvent, span: Span, pointer: string, depth: number): Node {
    const found = this.#anchors.resolve(this.#text.slice(event.anchorStart, event.anchorEnd), depth)
    if ('node' in found) return found.node
    if (found.complaint !== undefined) this.#report(pointer, span, found.complaint, found.hint)
    return { kind: 'scalar', span, text: '', plain: false, value: null, origins: [] }
  }

  #checkTag (event: Collection, allowed: string, pointer: string, span: Span): void {
    const tag = this.#tag(event)
    if (tag !== undefined && tag !== '!' && tag !== allowed) this.#report(pointer, span, `the tag ${tag} is not known here`, tagHint)
  }

  #tag (event: Collection | ScalarEvent): string | undefined {
    if (event.tagStart === -1) return undefined
    return this.#text.slice(event.tagStart, event.tagEnd).replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1')
  }

  /** Returns the span of a value with its quotes; `around` for a value that is not written. */
  #spanOf (event: ValueEvent, around: Span): Span {
    if (event.type === EVENT_ID.ALIAS) return this.#span(event.anchorStart - 1, event.anchorEnd)
    if (event.type !== EVENT_ID.SCALAR) return this.#span(event.start, event.start + 1)
    if (event.valueStart === -1) return around
    const quotes = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
    return this.#span(event.valueStart - quotes, event.valueEnd + quotes)
  }

  #span (start: number, end: number): Span {
    return { file: this.#file, start, end }
  }

  #next (): Event {
    return this.#events.at(this.#index++)!
  }

  #ended (): boolean {
    if (this.#events.at(this.#index)?.type !== EVENT_ID.POP) return false
    this.#index++
    return true
  }

  #report (pointer: string, span: Span, message: string, hint?: string): void {
    this.#problems.push({
      severity: 'error',
      pointer,
      message,
      position: this.#sources.position(span),
      ...(hint === undefined ? {} : { hint })
    })
  }
}

const tagHint = 'only the tags !!str, !!int, !!float, !!bool, !!null, !!map and !!seq can be used'
