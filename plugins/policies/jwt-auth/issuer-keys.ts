/** The task that fetches the published keys of one policy: connects fetching, timing and logging. */

import { type GatewayApi, type PolicyOptions, reportAvailability, type ServiceClient } from '../../../src/index.ts'
import { KeyFetching, type KeyFetchingOptions, type KeysState } from './key-fetching.ts'
import type { JwtOptions } from './options.ts'
import { keyFetcher } from './published-keys.ts'
import { algorithmsOf } from './written-keys.ts'

/** Logs a warning. */
export type Warn = (message: string, fields: object) => void

/** Returns what begins to fetch. It refers to no generation. */
export function issuerKeys (
  { clock, random, events }: Pick<GatewayApi, 'clock' | 'random' | 'events'>,
  warn: Warn,
  options: JwtOptions & PolicyOptions,
  client: ServiceClient,
  check: KeyFetchingOptions['check']
): (publish: (state: KeysState) => void) => KeyFetching {
  const { policy, jwks, discovery, published } = options
  const available = reportAvailability(events, policy)
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
  const fetching: KeyFetchingOptions = {
    fetch: async () => {
      telling = new Set()
      try {
        return await fetch()
      } finally {
        told = telling
      }
    },
    check,
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
  }
  return publish => new KeyFetching(fetching, publish)
}
