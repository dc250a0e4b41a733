/** What header fields cost on their way to the target and back, and the trace context among them: `node bench/micro/headers.ts` */

import { randomFillSync } from 'node:crypto'
import { compileRequestHeaders } from '../../src/http/request-headers.ts'
import { stripResponseHeaders } from '../../src/http/response-headers.ts'
import { childTraceparent, createIds, parseTraceparent } from '../../src/http/trace-context.ts'
import { headersOf } from '../load.ts'
import { scenarios } from '../scenarios.ts'
import { measure } from './measure.ts'

const fields = headersOf(scenarios[0]!.load, '127.0.0.1:8080', `${'x'.repeat(36)}.${'y'.repeat(80)}.${'z'.repeat(43)}`)
const rawHeaders = Object.entries(fields).flat()
const headers = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]))
const rewrite = compileRequestHeaders({ via: 'onedoor', trusted: () => false, host: 'target' })
const set = ['x-request-id', '47a9a8aa8a6970c05b1eda398cb08dae', 'traceparent', '00-47a9a8aa8a6970c05b1eda398cb08dae-00f067aa0ba902b7-00']
measure(
  'request headers, nine fields',
  () => rewrite({
    rawHeaders,
    headers,
    httpVersion: '1.1',
    remoteAddress: '127.0.0.1',
    encrypted: false,
    localPort: 8080,
    authority: undefined,
    set
  })
)

const answered = {
  server: 'nginx',
  date: 'Fri, 27 Nov 2026 21:33:04 GMT',
  'content-type': 'application/json',
  'content-length': '400',
  connection: 'keep-alive'
}
measure('response headers, five fields', () => stripResponseHeaders(answered))

const ids = createIds(randomFillSync)
const parents = Array.from({ length: 1000 }, () => childTraceparent(ids.traceId(), ids.spanId(), 1))
measure('traceparent read', index => parseTraceparent(parents[index % parents.length]))
measure('trace begun and written', () => childTraceparent(ids.traceId(), ids.spanId(), 0))
