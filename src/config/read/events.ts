/** The events of the YAML parser, and their packed form: numbers in one buffer, which passes between threads without a copy. */

import { parseEvents, YAMLException } from 'js-yaml'
import type { Event } from 'js-yaml'
import { eventSize, readEvent, writeEvent } from '../../internals/js-yaml-events.ts'
import { maxDepth } from './anchors.ts'

/** The events of a text in order; a list of them is one. */
export interface Events {
  readonly length: number
  at (index: number): Event | undefined
}

/** Where a text stops being YAML, and why in the parser's own words. */
export interface SyntaxFault {
  readonly reason: string
  /** In UTF-16 units. */
  readonly offset: number
}

export type Found = { readonly events: Events } | { readonly fault: SyntaxFault }

/** Reads a text in one go. Never throws for bad input. */
export function findEvents (text: string): { readonly events: Event[] } | { readonly fault: SyntaxFault } {
  try {
    return { events: parseEvents(text, { maxDepth }) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return { fault: { reason: error.reason, offset: error.mark?.position ?? 0 } }
  }
}

/** The events as numbers, the same count for each. */
export function packEvents (events: readonly Event[]): Int32Array<ArrayBuffer> {
  const numbers = new Int32Array(events.length * eventSize)
  for (const [index, event] of events.entries()) writeEvent(event, numbers, index * eventSize)
  return numbers
}

/** Events that were packed. Each is made when it is asked for, with the fields of all kinds. */
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
