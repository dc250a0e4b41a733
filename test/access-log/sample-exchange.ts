/** An exchange that is over, with what the access log reads of it. */

import { reasons } from '../../src/contract/errors.ts'
import type { Exchange } from '../../src/contract/exchange.ts'

export interface SampleOptions {
  readonly id?: number
  readonly failed?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
  readonly query?: string
  readonly sub?: string
  /** Status of the response; of a failed one 502 unless given, else 200. */
  readonly status?: number
}

/** It began at 1000 (monotonic milliseconds), and its response began 8.283 ms later. */
export function sampleExchange ({
  id = 0,
  failed = false,
  headers = {},
  path = `/users/${id}`,
  query = '?page=2&token=hunter2',
  sub,
  status = failed ? 502 : 200
}: SampleOptions = {}): Exchange {
  const traceId = `47a9a8aa8a6970c05b1eda39${id.toString(16).padStart(8, '0')}`
  const attempt = {
    target: { url: 'http://127.0.0.1:9002' },
    kind: 'first',
    statusCode: 200,
    failure: undefined,
    startedAt: 1000.5,
    answeredAt: 1008.783 + id / 1000,
    endedAt: undefined
  }
  return {
    id: traceId,
    trace: { traceId, spanId: '00f067aa0ba902b7', parentId: undefined, flags: 0, state: '' },
    method: 'GET',
    path,
    query,
    host: 'shop.example',
    peer: '10.0.0.1',
    route: { name: '/users/*' },
    upstream: { name: 'users' },
    reason: failed ? reasons['connection-refused'] : undefined,
    startedAt: 1000 + id / 1000,
    attempts: [attempt],
    attempt,
    bytesIn: 0,
    bytesOut: 58 + id,
    clientIp: `203.0.113.${id % 256}`,
    headers: { 'user-agent': 'curl/8.14.1', referer: 'https://shop.example/cart?coupon=secret', 'x-tenant': 'acme', ...headers },
    raw: { httpVersion: '1.1' },
    request: { originalUrl: path + query, claims: sub === undefined ? null : { sub } },
    reply: { raw: { headersSent: true, statusCode: status } }
  } as unknown as Exchange
}
