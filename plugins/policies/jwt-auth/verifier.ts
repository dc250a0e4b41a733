/** What a policy keeps over reloads: its keys, and the tokens that were verified with them. */

import { hash } from 'node:crypto'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { type Admitted, type Claims, type GatewayApi, type PolicyOptions, ServiceClient } from '../../../src/index.ts'
import { issuerKeys } from './issuer-keys.ts'
import { fixedKeys, type KeySource, type MakeKey, type VerifyingKey } from './key-source.ts'
import type { JwtOptions } from './options.ts'
import { VerifiedTokenCache } from './verified-token-cache.ts'
import { writtenKeys } from './written-keys.ts'

/** A token that was verified, and what it was verified with: it holds no longer than its key. */
export interface Verified {
  readonly key: VerifyingKey
  readonly claims: Claims
  reading: ReadToken | undefined
}

/** What follows from the claims. */
export interface ReadToken {
  /** The options it follows by: those before a reload may have been others. */
  readonly by: string
  readonly lacking: string | undefined
  readonly verdict: Admitted
}

export interface Verifier {
  readonly keys: KeySource
  readonly memory: VerifiedTokenCache<Verified>
  /** Settles when the written keys are made. */
  readonly ready: Promise<unknown>
  /** Settles when the published keys are there, or could not be fetched. */
  readonly fetched?: Promise<unknown>
  /** Where it tells of published keys; that of the newest generation. */
  log?: FastifyBaseLogger | undefined
  close (): void | Promise<void>
}

/** Bytes of a key set or discovery document. */
const longestAnswer = 256 * 1024

/** The options that keys and claims depend on. */
const verifying = [
  'secret', 'publicKey', 'keys', 'jwks', 'discovery', 'published', 'algorithms', 'issuer', 'audience', 'requiredClaims',
  'remembered'
] as const

export function takeVerifier ({ gateway, log }: FastifyInstance, options: JwtOptions & PolicyOptions, makeKey: MakeKey): Verifier {
  const verifier = gateway.leases.take<Verifier>({
    kind: 'jwt-auth',
    key: options.policy,
    // A digest, because identities are not secret. Other scopes are no reason to forget the issuer's keys.
    options: hash('sha256', JSON.stringify(verifying.map(key => options[key] ?? null)), 'base64'),
    create: () => (options.jwks ?? options.discovery) === undefined ? writtenVerifier(options, makeKey) : publishedVerifier(
      options,
      gateway,
      makeKey
    ),
    // What it remembers about a token depends on nothing but the token, so a rehearsal may share it.
    fork: live => live,
    close: live => live.close()
  })
  if (!gateway.rehearsal) verifier.log = log
  return verifier
}

function publishedVerifier (
  options: JwtOptions & PolicyOptions,
  { names, clock, random, events, rehearsal }: GatewayApi,
  makeKey: MakeKey
): Verifier {
  const client = new ServiceClient({ names, timeout: options.published.timeout, limit: longestAnswer, ca: options.published.ca })
  const keys = issuerKeys({ clock, random, events }, (message, fields) => verifier.log?.warn(fields, message), options, client, makeKey)
  const verifier: Verifier = {
    keys,
    memory: new VerifiedTokenCache<Verified>(options.remembered),
    ready: Promise.resolve(),
    ...rehearsal ? {} : { fetched: keys.load().catch(() => {}) },
    close: async () => {
      keys.close()
      await client.close()
    }
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
