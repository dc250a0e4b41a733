/** A client of the test service on @grpc/grpc-js. It says everything that a call has brought, so that two ways can be compared. */

import type { TestContext } from 'node:test'
import {
  type CallOptions, type Client, type ClientDuplexStream, credentials, makeGenericClientConstructor, type Metadata, type StatusObject
} from '@grpc/grpc-js'
import { orders } from './service.ts'

/** What a call has brought, in a form that can be compared. */
export interface Outcome {
  readonly messages: readonly Buffer[]
  readonly code: number
  readonly details: string
  /** Metadata of the service, by name. */
  readonly first: Readonly<Record<string, unknown>>
  readonly last: Readonly<Record<string, unknown>>
}

/** A method of the service, or one that it does not have. */
export type Method = keyof typeof orders | 'Missing'

/** Opens a channel of its own to an address, which is closed with the test. */
export function openChannel (t: TestContext, address: string): Client {
  const Orders = makeGenericClientConstructor(orders, 'Orders')
  const client = new Orders(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0
  })
  t.after(() => client.close())
  return client
}

/** A call that goes on. */
export interface OpenCall {
  readonly stream: ClientDuplexStream<Buffer, Buffer>
  readonly ended: Promise<Outcome>
  /** Resolves with the next message. */
  readonly next: () => Promise<Buffer>
}

/** Begins a call. Every kind of call is a stream of messages in both directions on the wire. */
export function begin (client: Client, method: Method, metadata: Metadata, options: CallOptions = {}): OpenCall {
  const { requestSerialize, responseDeserialize } = orders.Chat
  const stream = client.makeBidiStreamRequest(`/shop.Orders/${method}`, requestSerialize, responseDeserialize, metadata, options)
  const messages: Buffer[] = []
  const waiting: ((message: Buffer) => void)[] = []
  let first: Metadata | undefined
  stream.on('metadata', (received: Metadata) => { first = received })
  stream.on('data', (message: Buffer) => {
    messages.push(message)
    waiting.shift()?.(message)
  })
  // `status` says the same.
  stream.on('error', () => {})
  const ended = new Promise<Outcome>(resolve => {
    stream.on('status', ({ code, details, metadata: last }: StatusObject) => {
      resolve({ messages, code, details, first: ofService(first), last: ofService(last) })
    })
  })
  return { stream, ended, next: async () => await new Promise(resolve => waiting.push(resolve)) }
}

/** Makes a whole call: sends the messages and reads what comes. */
export async function call (
  client: Client,
  method: Method,
  messages: readonly Buffer[],
  metadata: Metadata,
  options: CallOptions = {}
): Promise<Outcome> {
  const { stream, ended } = begin(client, method, metadata, options)
  for (const message of messages) stream.write(message)
  stream.end()
  return await ended
}

/** A gateway adds fields of its own. Those of the service begin with `x-`. */
function ofService (metadata: Metadata | undefined): Record<string, unknown> {
  const own = new Set(['x-request-id'])
  const names = Object.keys(metadata?.getMap() ?? {}).filter(name => name.startsWith('x-') && !own.has(name))
  return Object.fromEntries(names.toSorted().map(name => [name, metadata!.get(name)]))
}
