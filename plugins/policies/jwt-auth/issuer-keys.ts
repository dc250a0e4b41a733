/** The published keys of one policy: connects fetching, timing and logging. */

import { type GatewayApi, type PolicyOptions, reportAvailability, type ServiceClient } from '../../../src/index.ts'
import type { MakeKey } from './key-source.ts'
import type { JwtOptions } from './options.ts'
import { keyFetcher } from './published-keys.ts'
import { RemoteKeys } from './remote-keys.ts'
import { algorithmsOf } from './written-keys.ts'

/** Logs a warning. */
export type Warn = (message: string, fields: object) => void

export function issuerKeys (
  { clock, random, events }: Pick<GatewayApi, 'clock' | 'random' | 'events'>,
  warn: Warn,
  options: JwtOptions & PolicyOptions,
  client: ServiceClient,
  makeKey: MakeKey
): RemoteKeys {
  const { policy, jwks, discovery, published } = options
  const available = reportAvailability(events, policy)
  const verification = { ...options, issuer: options.issuer ?? discovery }
  // A problem of a key is logged once, not with every fetch.
  let told = new Set<string>()
  let telling = new Set<string>()
  const fetch = keyFetcher({
    url: jwks,
    discovery,
    algorithms: algorithmsOf(options),
    refresh: published.refresh,
    minimumRefresh: published.minimumRefresh,
    ask: async question => await client.ask(question),
    ignored: (kid, why) => tell('a published key is ignored', kid, why),
    repeated: kid => tell('several published keys have one name', kid)
  })
  const tell = (message: string, kid: unknown, why?: string): void => {
    const name = String(kid).slice(0, 100)
    const text = `${message} ${name}: ${why}`
    telling.add(text)
    if (!told.has(text)) warn(message, { policy, kid: name, why })
  }
  return new RemoteKeys({
    fetch: async () => {
      telling = new Set()
      try {
        return await fetch()
      } finally {
        told = telling
      }
    },
    make: async material => await makeKey(material, verification),
    staleFor: published.staleFor,
    coolDown: published.coolDown,
    now: () => clock.now(),
    random,
    after (wait, call) {
      const timer = setTimeout(call, wait).unref()
      return () => clearTimeout(timer)
    },
    failed (error, keysLeft, row) {
      warn('the keys of the issuer cannot be fetched', { policy, err: error, keysLeft })
      if (row === 1) available(error)
    },
    recovered: () => available(undefined)
  })
}
