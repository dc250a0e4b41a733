import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENT_ID, parseEvents } from 'js-yaml'
import { eventSize, readEvent, writeEvent } from '../../src/internals/js-yaml-events.ts'

test('js-yaml 5.x: events are numbers and booleans, and no member of them is unknown', () => {
  const text = `plain: &a !!str text
alias: *a
list: [1, "two", 'three']
map: &m !t { x: ~ }
folded: >2-
    text
literal: |+
  text

? key
: value
`
  const events = parseEvents(text, {})
  const kinds = new Set<number>()
  for (const event of events) {
    kinds.add(event.type)
    if (event.type === EVENT_ID.DOCUMENT) continue
    const numbers = new Int32Array(3 * eventSize)
    writeEvent(event, numbers, eventSize)
    const read = readEvent(numbers, eventSize) as unknown as Record<string, unknown>
    for (const [member, value] of Object.entries(event)) {
      assert.equal(Number(read[member]), Number(value), `${member} of an event of type ${event.type}`)
    }
  }
  assert.deepEqual(kinds, new Set(Object.values(EVENT_ID)))
})
