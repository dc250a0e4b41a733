/** The store of a policy: a connection for each thread, and what is told of it. */

import { randomInt } from 'node:crypto'
import type { GatewayApi, Holder, Stop } from '../../../src/index.ts'
import { storeIdentity } from './counts.ts'
import type { StoreOptions } from './options.ts'
import type { RedisConnection } from './redis-connection.ts'
import { StoreStatus } from './store-status.ts'

/** The connection of this thread to a policy's Redis, one for all policies that name the same. A rehearsal never opens one. */
export async function takeConnection (gateway: GatewayApi, policy: string, store: StoreOptions): Promise<RedisConnection> {
  // The Redis client is loaded only where a store is configured.
  const { RedisConnection } = await import('./redis-connection.ts')
  const identity = { kind: 'rate-limiting-redis', key: storeIdentity(store) }
  const { names, clock, random } = gateway
  const options = { url: store.redis, prefix: store.prefix, names, id: gatewayId(gateway), now: () => clock.now(), random }
  const connection = gateway.resource({ ...identity, create: () => new RedisConnection(options) })
  gateway.task({ ...identity, per: 'thread', start: connecting(connection) })
  if (!gateway.rehearsal) gateway.waitFor(`the store of ${policy}`, connection.tried)
  return connection
}

/** Tells when the store stops responding, and when it responds again, until the returned function is called. */
export function tellOfStore (gateway: GatewayApi, policy: string, store: StoreOptions, connection: RedisConnection): () => void {
  const { events } = gateway
  const status = new StoreStatus(gateway, { kind: 'rate-limiting-store', key: policy, options: storeIdentity(store) })
  const silence = connection.listen(error => {
    if (!status.note(error === undefined)) return
    const instead = store.whenUnavailable === 'local' ? 'each gateway keeps its share' : 'requests are refused'
    if (error === undefined) events.emit({ type: 'limit-store-available', policy, gateways: connection.gateways })
    else events.emit({ type: 'limit-store-unavailable', policy, instead }, error)
  })
  return () => {
    silence()
    status.leave()
  }
}

/** It refers to no generation. */
function connecting (connection: RedisConnection): () => Stop {
  return () => {
    void connection.open()
    return () => connection.close()
  }
}

/** Identifies the gateway, with all its threads, among those that use the same Redis. The first thread that needs it draws it. */
export function gatewayId ({ state, lock }: Pick<Holder, 'state' | 'lock'>): string {
  const identity = { kind: 'rate-limiting-gateway', key: '' }
  const cells = state({ ...identity, cells: 2 })
  const turn = lock(identity)
  turn.acquire()
  try {
    if (cells[0] === 0) for (const index of cells.keys()) cells[index] = randomInt(1, 2 ** 48 - 1)
    return [...cells].map(number => number.toString(36)).join('-')
  } finally {
    turn.release()
  }
}
