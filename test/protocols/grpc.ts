/** gRPC over TLS: @grpc/grpc-js on both ends, with bytes as messages. */

import type { IncomingHttpHeaders } from 'node:http'
import type { TestContext } from 'node:test'
import {
  Client, credentials, Metadata, Server, ServerCredentials, status, type ServerWritableStream, type ServiceDefinition, type ServiceError
} from '@grpc/grpc-js'
import { fieldsOf } from './http-service.ts'
import { pieces } from './pieces.ts'
import { methodOf, pathOf, type Door, type Fields, type Protocol, type Service } from './protocol.ts'

const bytes = {
  requestSerialize: (message: Buffer) => message,
  requestDeserialize: (message: Buffer) => message,
  responseSerialize: (message: Buffer) => message,
  responseDeserialize: (message: Buffer) => message
}

const same = (message: Buffer): Buffer => message
const unary = (name: string) => ({ path: pathOf(name), requestStream: false, responseStream: false, ...bytes })
const names = ['Open', 'Secured', 'Limited', 'Flaky', 'Fresh']

/** The service behind gRPC and gRPC-Web. */
export async function startGrpcService (t: TestContext): Promise<Service> {
  const calls: Service['calls'][number][] = []
  let held: ServerWritableStream<Buffer, Buffer> | undefined
  const note = (path: string, metadata: Metadata): void => {
    calls.push({ method: methodOf(path), fields: fieldsOf(metadata.toHttp2Headers() as IncomingHttpHeaders) })
  }
  const definition: ServiceDefinition = {
    ...Object.fromEntries(names.map(name => [name, unary(name)])),
    Hold: { path: pathOf('Hold'), requestStream: false, responseStream: true, ...bytes }
  }
  const server = new Server()
  server.addService(definition, {
    ...Object.fromEntries(names.map(name => [name, (call: { metadata: Metadata }, done: (error: null, message: Buffer) => void) => {
      note(name, call.metadata)
      done(null, Buffer.from('ok'))
    }])),
    Hold (call: ServerWritableStream<Buffer, Buffer>) {
      note('Hold', call.metadata)
      held = call
      call.sendMetadata(new Metadata())
    }
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => error === null ? resolve(bound) : reject(error))
  })
  t.after(() => server.forceShutdown())
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    push: text => { held!.write(Buffer.from(text)) },
    finish: () => { held!.end() }
  }
}

function clientOf (t: TestContext, { url, ca }: Door): Client {
  const channel = url.startsWith('https:') ? credentials.createSsl(Buffer.from(ca)) : credentials.createInsecure()
  const client = new Client(new URL(url).host, channel, {
    'grpc.ssl_target_name_override': 'gateway.test',
    // A channel of its own, or clients of one address would share connections.
    'grpc.use_local_subchannel_pool': 1
  })
  t.after(() => client.close())
  return client
}

function metadataOf (fields: Fields): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value)
  return metadata
}

export const grpc: Protocol = {
  name: 'gRPC',
  tls: true,
  upstream: 'h2c',
  route: 'grpc',
  request: { method: 'POST', headers: { 'content-type': 'application/grpc', te: 'trailers' } },
  refusals: { unauthenticated: status.UNAUTHENTICATED, limited: status.RESOURCE_EXHAUSTED, unrouted: status.UNIMPLEMENTED },
  drained: 'complete',
  serve: startGrpcService,
  async call (t, door, method, fields = {}) {
    const client = clientOf(t, door)
    const error = await new Promise<ServiceError | null>(resolve => {
      client.makeUnaryRequest(pathOf(method), same, same, Buffer.from('hi'), metadataOf(fields), failed => resolve(failed))
    })
    client.close()
    return { status: error?.code ?? status.OK, ok: error === null }
  },
  async hold (t, door, fields = {}) {
    const stream = clientOf(t, door).makeServerStreamRequest(pathOf('Hold'), same, same, Buffer.from('hi'), metadataOf(fields))
    const held = pieces()
    stream.on('data', (message: Buffer) => held.add(message.toString())).on('error', () => {})
    stream.once('status', ({ code }) => held.end(code === status.OK ? 'complete' : `cut ${code}`))
    await new Promise(resolve => { stream.once('metadata', resolve) })
    return held
  }
}
