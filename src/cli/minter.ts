/** Signs tokens that a policy of the configuration accepts. */

import { systemClock } from '../contract/clock.ts'
import type { Loaded } from '../config/load.ts'

/** A function that a plugin module may export to sign tokens. Its policies have the options of {@link Signing}. */
type Mint = (
  key: { readonly secret?: string, readonly privateKey?: string, readonly algorithm?: string, readonly kid?: string },
  claims: {
    readonly sub: string,
    readonly scope?: string,
    readonly expiresIn: number,
    readonly issuer?: string,
    readonly audience?: string,
    readonly claims: Readonly<Record<string, unknown>>,
    readonly now: number
  }
) => string

/** The options of a policy that signing needs. */
interface Signing {
  readonly secret?: string
  readonly keys?: readonly { readonly kid: string, readonly secret?: string, readonly algorithms?: readonly string[] }[]
  readonly algorithms?: readonly string[]
  readonly issuer?: string | readonly string[]
  readonly audience?: string | readonly string[]
  readonly scopes?: readonly string[]
  readonly requiredClaims?: readonly string[]
}

/** The requested content of a token. */
export interface Wishes {
  readonly sub: string
  /** By default what the policy requires. */
  readonly scope?: string | undefined
  /** Milliseconds. */
  readonly expiresIn: number
  readonly claims?: Readonly<Record<string, unknown>>
  /** PEM. */
  readonly privateKey?: string | undefined
}

/** Signs tokens for one policy. */
export class Minter {
  readonly policy: string
  readonly #mint: Mint
  readonly #options: Signing

  constructor (policy: string, mint: Mint, options: Signing) {
    this.policy = policy
    this.#mint = mint
    this.#options = options
  }

  /** The shared secret; undefined where the policy can only verify. */
  get secret (): string | undefined {
    return this.#shared?.secret
  }

  /** The first key that can sign. */
  get #shared (): { readonly kid?: string, readonly secret?: string, readonly algorithms?: readonly string[] } | undefined {
    const { secret, keys } = this.#options
    return secret === undefined ? keys?.find(key => key.secret !== undefined) : this.#options
  }

  /** Returns the claims that the policy requires and that such a token would not have. */
  missing ({ claims }: Wishes): readonly string[] {
    const { requiredClaims = [], issuer, audience, scopes = [] } = this.#options
    const has = new Set([
      'sub',
      'iat',
      'exp',
      ...Object.keys(claims ?? {}),
      ...(issuer === undefined ? [] : ['iss']),
      ...(audience === undefined ? [] : ['aud']),
      ...(scopes.length === 0 ? [] : ['scope'])
    ])
    return requiredClaims.filter(claim => !has.has(claim))
  }

  /**
   * Signs a token that the policy accepts.
   * @throws Error when there is no key to sign with
   */
  sign ({ sub, scope, expiresIn, claims = {}, privateKey }: Wishes): string {
    const { issuer, audience, scopes = [] } = this.#options
    const { secret, kid, algorithms = this.#options.algorithms ?? [] } = privateKey === undefined ? this.#shared ?? {} : {}
    const wanted = scope ?? (scopes.length === 0 ? undefined : scopes.join(' '))
    if (privateKey === undefined && secret === undefined) {
      throw new Error(`policy "${this.policy}" has no secret, only public keys, which verify but cannot sign: give the private one ` +
        'with --private-key FILE')
    }
    const algorithm = algorithms[0] === undefined ? {} : { algorithm: algorithms[0] }
    const key = privateKey === undefined ? { secret: secret! } : { privateKey }
    return this.#mint({ ...key, ...algorithm, ...(kid === undefined ? {} : { kid }) }, {
      sub,
      ...(wanted === undefined ? {} : { scope: wanted }),
      expiresIn,
      claims,
      ...one('issuer', issuer),
      ...one('audience', audience),
      now: systemClock.wall()
    })
  }
}

/** Returns the minters of a configuration by policy, in file order. */
export function mintersOf ({ config, plugins }: Pick<Loaded, 'config' | 'plugins'>): ReadonlyMap<string, Minter> {
  const minters = new Map<string, Minter>()
  for (const [policy, { plugin, ...options }] of Object.entries(config.policies)) {
    const module = plugins.get(plugin)
    if (canMint(module)) minters.set(policy, new Minter(policy, module.mint, options))
  }
  return minters
}

function canMint (module: unknown): module is { readonly mint: Mint } {
  return typeof (module as { mint?: unknown } | undefined)?.mint === 'function'
}

/** Takes the first one where the policy accepts several. */
function one<K extends string> (key: K, value: string | readonly string[] | undefined): { readonly [P in K]?: string } {
  const first = typeof value === 'string' ? value : value?.[0]
  return (first === undefined ? {} : { [key]: first }) as { readonly [P in K]?: string }
}
