/** The events of the YAML parser, and their packed form: numbers in one buffer that threads can transfer without a copy. */

import { parseEvents, YAMLException } from 'js-yaml'
import type { Event } from 'js-yaml'
import { eventSize, readEvent, writeEvent } from '../../internals/js-yaml-events.ts'
import { maxDepth } from './anchors.ts'

/** The events of a text in order. An array of events implements it. */
export interface Events {
  readonly length: number
  at (index: number): Event | undefined
}

/** A syntax error: its offset, and the message of the parser. */
export interface SyntaxFault {
  readonly reason: string
  /** In UTF-16 units. */
  readonly offset: number
}

export type Found = { readonly events: Events } | { readonly fault: SyntaxFault }

/** Parses a text in one call. Never throws for invalid input. */
export function findEvents (text: string): { readonly events: Event[] } | { readonly fault: SyntaxFault } {
  try {
    return { events: parseEvents(text, { maxDepth }) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return { fault: { reason: error.reason, offset: error.mark?.position ?? 0 } }
  }
}

/** Packs events into numbers, the same count for each. */
export function packEvents (events: readonly Event[]): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(events.length * eventSize)
  for (const [index, event] of events.entries()) writeEvent(event, numbers, index * eventSize)
  return numbers
}

/** Packed events. Each event is created when it is read, with the fields of all types. */
export class PackedEvents implements Events {
  readonly #numbers: Int32Array

  constructor (numbers: Int32Array) {
    this.#numbers = numbers
  }

  get length (): number {
    return this.#numbers.length / eventSize
  }

  at (index: number): Event | undefined {
    const at = index * eventSize
    return at < this.#numbers.length ? readEvent(this.#numbers, at) : undefined
  }
}
