/**
 * Sticky sessions: a cookie names the target that served a client first. Its value is an HMAC of upstream and target
 * with the operator's secret. It reveals nothing about the target, cannot be forged, and is looked up, not computed,
 * per request.
 */

import { createHmac } from 'node:crypto'
import Type, { type Static } from '#typebox'
import {
  compileValue, Enum, type Exchange, type Report, Secret, type Target, type TargetFilter, TimeSpan, type Upstream
} from '../../../src/index.ts'

/** `upstreams.*.sticky` */
export const StickySchema = Type.Object({
  secret: Secret({ minLength: 32, description: 'Secret of the cookie\'s value, at least 32 characters; the same in all gateways. ' +
    'Changing it assigns all clients to new targets.' }),
  cookie: Type.Optional(Type.String({ pattern: '^[\\w!#$%&\'*+.^`|~-]+$', maxLength: 64, expected: 'a cookie name',
    description: 'Name of the cookie; `sticky-` and the name of the upstream unless set.' })),
  ttl: Type.Optional(TimeSpan({ minimum: '1s', description: 'How long the client keeps the cookie after it was set (Max-Age); unset it ' +
    'lasts as long as the browser session.' })),
  path: Type.String({
    default: '/',
    pattern: '^/[^;\\s]*$',
    expected: 'a path',
    description: 'Path for which the client sends the cookie.'
  }),
  sameSite: Enum(['lax', 'strict', 'none'], { default: 'lax', description: 'SameSite attribute: whether cross-site requests include the ' +
    'cookie; `none` needs `secure`.' }),
  secure: Type.Boolean({ default: true, description: 'Whether the client sends the cookie over TLS only.' }),
  httpOnly: Type.Boolean({ default: true, description: 'Whether the cookie is hidden from scripts of the page.' })
}, { additionalProperties: false, description: 'Sends a client to the target that served it first, by a signed cookie.' })

export type StickyConfig = Static<typeof StickySchema>

/** Checks what the schema cannot express. */
export function checkSticky ({ cookie = '', sameSite, secure, path }: StickyConfig, pointer: string, report: Report): void {
  if (sameSite === 'none' && !secure) {
    report({ pointer: `${pointer}/secure`, message: 'browsers refuse `sameSite: none` without `secure: true`' })
  }
  // RFC 6265bis §4.1.3: what these prefixes promise.
  if (/^__(host|secure)-/i.test(cookie) && !secure) {
    report({ pointer: `${pointer}/cookie`, message: `browsers refuse a cookie called ${cookie} without \`secure: true\`` })
  }
  if (/^__host-/i.test(cookie) && path !== '/') {
    report({ pointer: `${pointer}/path`, message: `browsers refuse a cookie called ${cookie} with another path than /` })
  }
}

/** A target as its cookie names it. */
interface Named {
  readonly target: Target
  /** The target as a list, to which the selection is narrowed. */
  readonly alone: readonly [Target]
  /** The whole Set-Cookie field. */
  readonly setCookie: string
}

export class Sticky {
  readonly #upstream: Upstream
  readonly #config: StickyConfig
  readonly #cookie: string
  readonly #read: (exchange: Exchange) => string | undefined
  #targets: readonly Target[] | undefined
  readonly #byValue = new Map<string, Named>()
  readonly #byTarget = new Map<Target, Named>()

  constructor (upstream: Upstream, config: StickyConfig) {
    this.#upstream = upstream
    this.#config = config
    this.#cookie = config.cookie ?? `sticky-${upstream.name}`
    this.#read = compileValue(`cookie:${this.#cookie}`)
  }

  /** Narrows the open targets to the one that the cookie names, if it is open. */
  readonly filter: TargetFilter = (open, exchange) => {
    const named = this.#named(exchange)
    if (named === undefined) return open
    const stays = open.includes(named.target)
    exchange.decisions?.push({
      by: 'load-balancing',
      verdict: stays ? 'sticky' : 'moved',
      why: `the cookie ${this.#cookie} names ${named.target.url}${stays ? '' : ', which is not open'}`
    })
    return stays ? named.alone : open
  }

  /** The target that a valid cookie of the client names; undefined without a cookie, for a forged one, or for a removed target. */
  targetOf (exchange: Exchange): Target | undefined {
    return this.#named(exchange)?.target
  }

  /** The Set-Cookie field that names a target. */
  setCookie (target: Target): string | undefined {
    this.#collect()
    return this.#byTarget.get(target)?.setCookie
  }

  #named (exchange: Exchange): Named | undefined {
    if (exchange.headers.cookie === undefined) return undefined
    this.#collect()
    return this.#byValue.get(this.#read(exchange) ?? '')
  }

  #collect (): void {
    if (this.#upstream.targets === this.#targets) return
    this.#targets = this.#upstream.targets
    this.#byValue.clear()
    this.#byTarget.clear()
    for (const target of this.#targets) {
      const value = createHmac('sha256', this.#config.secret).update(JSON.stringify([this.#upstream.name, target.url])).digest('base64url')
      const named: Named = { target, alone: [target], setCookie: this.#field(value) }
      this.#byValue.set(value, named)
      this.#byTarget.set(target, named)
    }
  }

  #field (value: string): string {
    const { ttl, path, sameSite, secure, httpOnly } = this.#config
    const attributes = [
      `Path=${path}`,
      ...ttl === undefined ? [] : [`Max-Age=${Math.round(ttl / 1000)}`],
      ...httpOnly ? ['HttpOnly'] : [],
      ...secure ? ['Secure'] : [],
      `SameSite=${{ lax: 'Lax', strict: 'Strict', none: 'None' }[sameSite]}`
    ]
    return [`${this.#cookie}=${value}`, ...attributes].join('; ')
  }
}
