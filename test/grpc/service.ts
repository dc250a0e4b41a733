/** A gRPC service on @grpc/grpc-js, for tests: every kind of call, with bytes as messages, so that no protobuf is needed. */

import type { TestContext } from 'node:test'
import {
  Metadata, Server, ServerCredentials, type status, type handleBidiStreamingCall, type handleClientStreamingCall,
  type handleServerStreamingCall, type handleUnaryCall, type sendUnaryData, type ServerUnaryCall, type ServiceDefinition
} from '@grpc/grpc-js'

const bytes = {
  requestSerialize: (message: Buffer) => message,
  requestDeserialize: (message: Buffer) => message,
  responseSerialize: (message: Buffer) => message,
  responseDeserialize: (message: Buffer) => message
}

/** The methods of `shop.Orders`. */
export const orders = {
  Echo: { path: '/shop.Orders/Echo', requestStream: false, responseStream: false, ...bytes },
  Fail: { path: '/shop.Orders/Fail', requestStream: false, responseStream: false, ...bytes },
  Wait: { path: '/shop.Orders/Wait', requestStream: false, responseStream: false, ...bytes },
  List: { path: '/shop.Orders/List', requestStream: false, responseStream: true, ...bytes },
  Sum: { path: '/shop.Orders/Sum', requestStream: true, responseStream: false, ...bytes },
  Chat: { path: '/shop.Orders/Chat', requestStream: true, responseStream: true, ...bytes }
} as const satisfies ServiceDefinition

/** What a call of `Wait` saw of its end. */
export interface Waited {
  readonly deadline: unknown
  readonly cancelled: Promise<void>
}

export interface TestService {
  readonly url: string
  readonly address: string
  readonly port: number
  /** Calls so far, by method. */
  readonly calls: Record<keyof typeof orders, number>
  /** Metadata of the last unary call. */
  readonly seen: () => Metadata | undefined
  /** Resolves with the next call of `Wait`. */
  readonly waited: () => Promise<Waited>
  /** Makes further calls of `Echo` fail with a status; undefined for none. */
  fail (code: status | undefined): void
  readonly server: Server
}

/** Metadata that only binary fields can carry. */
export const binary = Buffer.from([0, 255, 10, 44])

/** Starts the service on a free port, without TLS. It stops with the test. */
export async function startService (t: TestContext, port = 0): Promise<TestService> {
  const calls = { Echo: 0, Fail: 0, Wait: 0, List: 0, Sum: 0, Chat: 0 }
  let seen: Metadata | undefined
  let failing: status | undefined
  let tell: (waited: Waited) => void = () => {}

  const answer = (call: { readonly metadata: Metadata, sendMetadata (metadata: Metadata): void }): Metadata => {
    seen = call.metadata
    const first = new Metadata()
    first.set('x-first', 'yes')
    first.set('x-first-bin', binary)
    call.sendMetadata(first)
    const last = new Metadata()
    last.set('x-last', 'yes')
    last.set('x-last-bin', binary)
    return last
  }
  const Echo: handleUnaryCall<Buffer, Buffer> = (call, done) => {
    calls.Echo++
    if (failing === undefined) done(null, call.request, answer(call))
    else done({ code: failing, details: 'not now' })
  }
  const Fail = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void => {
    calls.Fail++
    const metadata = new Metadata()
    metadata.set('x-detail-bin', binary)
    done({ code: call.request[0] as status, details: 'größer als 100 %', metadata })
  }
  const Wait: handleUnaryCall<Buffer, Buffer> = call => {
    calls.Wait++
    tell({ deadline: call.getDeadline(), cancelled: new Promise(resolve => call.on('cancelled', () => resolve())) })
  }
  const List: handleServerStreamingCall<Buffer, Buffer> = call => {
    calls.List++
    const last = answer(call)
    const count = call.request.readUInt32BE(0)
    const size = call.request.readUInt32BE(4)
    let sent = 0
    const more = (): void => {
      while (sent < count) if (!call.write(Buffer.alloc(size, sent++))) return void call.once('drain', more)
      call.end(last)
    }
    more()
  }
  const Sum: handleClientStreamingCall<Buffer, Buffer> = (call, done) => {
    calls.Sum++
    let total = 0
    call.on('data', (message: Buffer) => { total += message.length })
    call.on('end', () => done(null, Buffer.from(String(total)), answer(call)))
  }
  const Chat: handleBidiStreamingCall<Buffer, Buffer> = call => {
    calls.Chat++
    const last = answer(call)
    // The service speaks first.
    call.write(Buffer.from('welcome'))
    call.on('data', (message: Buffer) => call.write(message))
    call.on('end', () => call.end(last))
  }

  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })
  server.addService(orders, { Echo, Fail, Wait, List, Sum, Chat })
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, at) => error === null ? resolve(at) : reject(error))
  })
  t.after(() => server.forceShutdown())
  return {
    url: `http://127.0.0.1:${bound}`,
    address: `127.0.0.1:${bound}`,
    port: bound,
    calls,
    seen: () => seen,
    waited: async () => await new Promise(resolve => { tell = resolve }),
    fail: code => { failing = code },
    server
  }
}
