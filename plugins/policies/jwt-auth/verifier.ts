/** The state that a policy keeps across reloads: its keys and the tokens verified with them. */

import { hash } from 'node:crypto'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { type Admitted, type Claims, type GatewayApi, type PolicyOptions, type RunningTask, ServiceClient } from '../../../src/index.ts'
import { issuerKeys } from './issuer-keys.ts'
import type { KeysState } from './key-fetching.ts'
import { fixedKeys, type KeySource, type MakeKey, type VerifyingKey } from './key-source.ts'
import type { JwtOptions } from './options.ts'
import { RemoteKeys } from './remote-keys.ts'
import { VerifiedTokenCache } from './verified-token-cache.ts'
import { writtenKeys } from './written-keys.ts'

/** A verified token and its key. It is valid only as long as the key is. */
export interface Verified {
  readonly key: VerifyingKey
  readonly claims: Claims
  reading: ReadToken | undefined
}

/** The result of checking the claims. */
export interface ReadToken {
  /** The options that it was computed with. A reload may have changed them. */
  readonly by: string
  readonly lacking: string | undefined
  readonly verdict: Admitted
}

export interface Verifier {
  readonly keys: KeySource
  readonly memory: VerifiedTokenCache<Verified>
  /** Settles when the configured keys are prepared. */
  readonly ready: Promise<unknown>
  /** Set where the keys are published. */
  readonly published?: Published
  /** The logger for published keys: that of the newest generation. */
  log?: FastifyBaseLogger | undefined
  close (): void | Promise<void>
}

/** The keys of an issuer. */
interface Published {
  readonly keys: RemoteKeys
  /** Fetches them now, before they expire, and when it is asked to. */
  readonly start: (publish: (state: KeysState) => void) => RunningTask<void>
}

/** The most bytes of a key set or discovery document. */
const longestAnswer = 256 * 1024

/** The options that affect keys and claims. */
const verifying = [
  'secret', 'publicKey', 'keys', 'jwks', 'discovery', 'published', 'algorithms', 'issuer', 'audience', 'requiredClaims',
  'remembered'
] as const

export function takeVerifier ({ gateway, log }: FastifyInstance, options: JwtOptions & PolicyOptions, makeKey: MakeKey): Verifier {
  const identity = {
    kind: 'jwt-auth',
    key: options.policy,
    // A digest, because identities are not secret. A change of scopes does not drop the issuer's keys.
    options: hash('sha256', JSON.stringify(verifying.map(key => options[key] ?? null)), 'base64')
  }
  const verifier = gateway.resource<Verifier>({
    ...identity,
    create: () => (options.jwks ?? options.discovery) === undefined
      ? writtenVerifier(options, makeKey)
      : publishedVerifier(options, gateway, makeKey),
    close: live => live.close()
  })
  if (gateway.rehearsal) return verifier
  verifier.log = log
  if (verifier.published === undefined) return verifier
  const { keys, start } = verifier.published
  const { ask } = gateway.task<KeysState, void>({ ...identity, start, learn: state => keys.learn(state) })
  keys.ask = async () => await ask()
  return verifier
}

function publishedVerifier (
  options: JwtOptions & PolicyOptions,
  { names, clock, random, events }: GatewayApi,
  makeKey: MakeKey
): Verifier {
  const client = new ServiceClient({ names, timeout: options.published.timeout, limit: longestAnswer, ca: options.published.ca })
  const verification = { ...options, issuer: options.issuer ?? options.discovery }
  const keys = new RemoteKeys({ make: async material => await makeKey(material, verification), now: () => clock.now() })
  const warn = (message: string, fields: object): void => verifier.log?.warn(fields, message)
  const create = issuerKeys({ clock, random, events }, warn, options, client, async found => await keys.prepare(found))
  const start = (publish: (state: KeysState) => void): RunningTask<void> => {
    const fetching = create(publish)
    fetching.load().catch(() => {})
    return { stop: () => fetching.close(), answer: async () => await fetching.look() }
  }
  const verifier: Verifier = {
    keys,
    memory: new VerifiedTokenCache<Verified>(options.remembered),
    ready: Promise.resolve(),
    published: { keys, start },
    close: async () => await client.close()
  }
  return verifier
}

function writtenVerifier (options: JwtOptions, makeKey: MakeKey): Verifier {
  const verifier = {
    keys: fixedKeys([]),
    memory: new VerifiedTokenCache<Verified>(options.remembered),
    ready: Promise.resolve() as Promise<unknown>,
    close () {}
  }
  verifier.ready = Promise.all(writtenKeys(options).map(async key => await makeKey(key, options))).then(keys => {
    verifier.keys = fixedKeys(keys)
  })
  return verifier
}
