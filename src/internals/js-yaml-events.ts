/**
 * The events of js-yaml as plain numbers.
 *
 * Relies on: all members of an event are numbers or booleans, and those below are all that say something about
 * values. The types declare the members; that there are no others is not promised.
 * Checked with js-yaml 5.5.0.
 * Without it: a large file, which a thread of its own parses, reads differently from a small one.
 */

import type { Event } from 'js-yaml'

/** Every field of every kind of event that says something about values; those of documents do not. */
const fields = [
  'type', 'start', 'valueStart', 'valueEnd', 'anchorStart', 'anchorEnd', 'tagStart', 'tagEnd', 'style', 'chomping', 'indent', 'fast'
] as const

/** How many numbers an event becomes. */
export const eventSize = fields.length

/** Writes an event at a place of `numbers`. */
export function writeEvent (event: Event, numbers: Int32Array, at: number): void {
  const members = event as Partial<Record<typeof fields[number], number | boolean>>
  for (const field of fields) numbers[at++] = Number(members[field] ?? 0)
}

/** The event at a place of `numbers`, with the fields of all kinds. */
export function readEvent (numbers: Int32Array, at: number): Event {
  const event: Record<string, number | boolean> = {
    type: numbers[at]!,
    start: numbers[at + 1]!,
    valueStart: numbers[at + 2]!,
    valueEnd: numbers[at + 3]!,
    anchorStart: numbers[at + 4]!,
    anchorEnd: numbers[at + 5]!,
    tagStart: numbers[at + 6]!,
    tagEnd: numbers[at + 7]!,
    style: numbers[at + 8]!,
    chomping: numbers[at + 9]!,
    indent: numbers[at + 10]!,
    fast: numbers[at + 11] === 1
  }
  return event as unknown as Event
}
