/** Every protocol keeps every promise: a cell of the table is a test. */

import { test } from 'node:test'
import { eventStream, plainHttp1, tlsHttp1 } from './http1.ts'
import { plainHttp2, tlsHttp2 } from './http2.ts'
import { grpc } from './grpc.ts'
import { grpcWeb } from './grpc-web.ts'
import { websocket } from './websocket.ts'
import { websocketHttp2 } from './websocket-http2.ts'
import { promises } from './promises.ts'
import type { Protocol } from './protocol.ts'
import { startWorld } from './world.ts'

const protocols: readonly Protocol[] = [
  plainHttp1, tlsHttp1, tlsHttp2, plainHttp2, grpc, grpcWeb, websocket, websocketHttp2, eventStream
]

for (const protocol of protocols) {
  test(protocol.name, { timeout: 30_000 }, async t => {
    const world = await startWorld(t, protocol)
    for (const { name, check } of promises) await t.test(name, async t => await check(t, world))
  })
}
