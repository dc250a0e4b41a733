/**
 * Reads a document at once and as a reload does, with its events in the form in which they go between
 * threads: what comes of it is the same.
 */
import assert from 'node:assert/strict'
import type { Event } from 'js-yaml'
import { readDocument, readInSteps, type Read } from '../../src/config/read/document.ts'
import { PackedEvents, packEvents } from '../../src/config/read/events.ts'
import type { Environment } from '../../src/config/read/interpolate.ts'

/** What `readDocument` gives. */
export function readBothWays (file: string, options: { readonly env: Environment | undefined }): Read {
  const atOnce = readDocument(file, options)
  const packed = readPacked(file, options)
  assert.deepEqual(shown(packed), shown(atOnce))
  return atOnce
}

function readPacked (file: string, options: { readonly env: Environment | undefined }): Read {
  const steps = readInSteps(file, options)
  let step = steps.next()
  while (step.done !== true) step = steps.next(packed(step.value?.here()))
  return step.value
}

function packed (found: unknown): unknown {
  const { events } = (found ?? {}) as { events?: readonly Event[] }
  return events === undefined ? found : { events: new PackedEvents(structuredClone(packEvents(events))) }
}

function shown ({ document, problems, files }: Read): unknown {
  const all = document === undefined ? undefined : [...placesOf(document.value, '')].map(pointer => [
    pointer,
    document.locate(pointer, 'key'),
    document.locate(pointer)
  ])
  return {
    problems,
    files,
    value: document?.value,
    secrets: document?.secrets,
    variables: document?.variables,
    origins: document?.origins,
    all
  }
}

function * placesOf (value: unknown, pointer: string): Generator<string> {
  yield pointer
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      yield * placesOf(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    }
  }
}
