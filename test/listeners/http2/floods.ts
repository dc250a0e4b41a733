/** Floods of one client over HTTP/2, as data. */

import { usualHttp2Limits } from '../../../src/config/schema/http2-schema.ts'
import { block, flags, frame, get, headers, pseudo, rstStream, settings, text, types, windowUpdate } from '../../helpers/http2-frames.ts'

/** Error codes of HTTP/2. */
const codes = { protocol: 1, internal: 2, flowControl: 3, streamClosed: 5, calm: 11 } as const

export interface Flood {
  readonly name: string
  /** What the client sends next: called until the connection is closed, or `rounds` are over. */
  readonly send: (round: number) => readonly Buffer[]
  readonly rounds?: number
  /** The code of the GOAWAY; undefined where the connection is closed without one, or stays open. */
  readonly code?: number
  /** Whether the connection is closed. */
  readonly closes?: boolean
  /** The most requests that are served. */
  readonly served: number
}

/** An odd stream for each request. */
const id = (round: number, index: number, each: number): number => (round * each + index) * 2 + 1

function times (count: number, make: (index: number) => readonly Buffer[]): Buffer[] {
  return Array.from({ length: count }, (_, index) => make(index)).flat()
}

const open = headers(1, pseudo({ ':method': 'POST' }), 0)
const begun = frame(types.headers, flags.endStream, 1, block(pseudo()))

export const floods: readonly Flood[] = [
  {
    name: 'rapid reset (CVE-2023-44487)',
    send: round => times(50, index => [get(id(round, index, 50)), rstStream(id(round, index, 50), 8)]),
    code: codes.internal,
    served: 200
  },
  {
    name: 'resets that the client makes the server send, by WINDOW_UPDATE of 0 (CVE-2025-8671)',
    send: round => times(50, index => [get(id(round, index, 50)), windowUpdate(id(round, index, 50), 0)]),
    code: codes.protocol,
    served: 200
  },
  {
    name: 'resets that the client makes the server send, by DATA after the end (CVE-2025-8671)',
    send: round => times(50, index => [get(id(round, index, 50)), frame(types.data, 0, id(round, index, 50), Buffer.from('x'))]),
    code: codes.streamClosed,
    served: 200
  },
  {
    name: 'CONTINUATION without an end',
    send: round => [...round === 0 ? [begun] : [], ...times(20, () => [frame(types.continuation, 0, 1, block([['a', 'b']]))])],
    code: codes.internal,
    served: 0
  },
  {
    name: 'empty CONTINUATION without an end',
    send: round => [...round === 0 ? [begun] : [], ...times(20, () => [frame(types.continuation, 0, 1)])],
    code: codes.internal,
    served: 0
  },
  {
    name: 'HPACK bomb: a large field, referred to thousands of times',
    send: round => times(10, index => [frame(types.headers, flags.endStream | flags.endHeaders, id(round, index, 10), Buffer.concat([
      block(pseudo()), Buffer.from([0x40]), text('x'), text('z'.repeat(2000)), Buffer.alloc(4000, 0xbe)
    ]))]),
    served: 0
  },
  {
    name: 'malformed requests',
    send: round => times(50, index => [headers(id(round, index, 50), [...pseudo(), ['Upper', 'x']])]),
    code: codes.internal,
    served: 0
  },
  {
    name: 'more streams than allowed',
    send: round => times(200, index => [headers(id(round, index, 200), pseudo({ ':method': 'POST' }), 0)]),
    code: codes.internal,
    served: usualHttp2Limits.maxStreams
  },
  { name: 'SETTINGS', send: () => times(500, () => [settings({ 4: 65_535 })]), served: 0 },
  { name: 'PING', send: () => times(500, () => [frame(types.ping, 0, 0, Buffer.alloc(8))]), served: 0 },
  {
    name: 'empty DATA',
    send: round => [...round === 0 ? [open] : [], ...times(500, () => [frame(types.data, 0, 1)])],
    code: codes.internal,
    served: 1
  },
  {
    name: 'PRIORITY',
    send: () => times(500, index => [frame(types.priority, 0, index * 2 + 1, Buffer.from([0, 0, 0, 0, 9]))]),
    code: codes.calm,
    served: 0
  },
  {
    name: 'frames of unknown types',
    send: () => times(500, () => [frame(0x77, 0, 0, Buffer.alloc(8))]),
    code: codes.calm,
    served: 0
  },
  { name: 'WINDOW_UPDATE', send: () => times(500, () => [windowUpdate(0, 1)]), rounds: 100, closes: false, served: 0 },
  { name: 'a window beyond the largest', send: () => [windowUpdate(0, 0x7fffffff)], code: codes.flowControl, served: 0 }
]
