/** Reads and writes a place in a trace in the formats that the file lists. */

import type { IncomingHttpHeaders } from 'node:http'
import { childTraceparent, parseTraceparent, parseTracestate } from '../../../src/http/index.ts'
import { b3Fields, readSeveral, readSingle, writeSeveral, writeSingle } from './b3.ts'
import type { Caller } from './caller.ts'
import type { Format } from './options.ts'

/** Adds the fields of a place in a trace. */
export type WritePlace = (fields: string[], traceId: string, spanId: string, flags: number, state: string) => void

/** Fields of each format: no client's copy goes on beside ours. */
const fieldsOf: Readonly<Record<Format, readonly string[]>> = {
  w3c: ['traceparent', 'tracestate'],
  b3: b3Fields,
  'b3-single': ['b3'],
  baggage: ['baggage']
}

const readers: Readonly<Partial<Record<Format, (headers: IncomingHttpHeaders) => Caller | undefined>>> = {
  w3c: readW3c,
  b3: readSeveral,
  'b3-single': readSingle
}
const writers: Readonly<Partial<Record<Format, WritePlace>>> = { w3c: writeW3c, b3: writeSeveral, 'b3-single': writeSingle }

/** Names of the fields of these formats. */
export function ownedBy (formats: readonly Format[]): string[] {
  return formats.flatMap(format => fieldsOf[format])
}

/** Reads the first format, in the order of the file, that says something. */
export function compileReader (formats: readonly Format[]): (headers: IncomingHttpHeaders) => Caller | undefined {
  const all = formats.flatMap(format => readers[format] ?? [])
  if (all.length <= 1) return all[0] ?? (() => undefined)
  return headers => {
    for (const read of all) {
      const caller = read(headers)
      if (caller !== undefined) return caller
    }
    return undefined
  }
}

/** Writes all formats. */
export function compileWriter (formats: readonly Format[]): WritePlace {
  const all = formats.flatMap(format => writers[format] ?? [])
  if (all.length === 1) return all[0]!
  return (...place) => { for (const write of all) write(...place) }
}

function readW3c (headers: IncomingHttpHeaders): Caller | undefined {
  const parent = parseTraceparent(headers['traceparent'] as string | undefined)
  return parent === undefined ? undefined : {
    traceId: parent.traceId,
    parentId: parent.parentId,
    flags: parent.flags,
    state: parseTracestate(headers['tracestate']) ?? ''
  }
}

function writeW3c (fields: string[], traceId: string, spanId: string, flags: number, state: string): void {
  fields.push('traceparent', childTraceparent(traceId, spanId, flags))
  if (state !== '') fields.push('tracestate', state)
}
