/** The CORS header fields of a response (Fetch §3.3). */

import type { CorsOptions } from './options.ts'
import { compileOrigins } from '../../../src/http/index.ts'

/** A response header field. */
export type Field = readonly [name: string, value: string]

/** The request of a preflight. */
export interface Preflight {
  readonly origin: string
  readonly method: string
  /** Access-Control-Request-Headers; '' for none. */
  readonly headers: string
  readonly privateNetwork: boolean
}

export interface CorsFields {
  /** Whether responses differ by origin, so that caches need `Vary: Origin`. */
  readonly varies: boolean
  /**
   * Header fields of a response to a page of `origin`; none where it is not allowed. `call`: whether the page has made a call of
   * gRPC-Web, whose status it must be able to read.
   */
  answer (origin: string, call?: boolean): readonly Field[]
  /** Header fields of the response to a preflight; none where its origin is not allowed. */
  preflight (asked: Preflight): readonly Field[]
}

/** CORS header fields of the upstream, which are removed: a browser rejects duplicates. */
export const upstreamFields: readonly string[] = [
  'access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers', 'access-control-allow-methods',
  'access-control-allow-headers', 'access-control-max-age', 'access-control-allow-private-network'
]

/** Where a gRPC response without messages has its status, and what its clients must know of it. */
const ofCalls = ['grpc-status', 'grpc-message', 'grpc-status-details-bin', 'grpc-retry-pushback-ms', 'x-request-id']

const none: readonly Field[] = []

/** Compiles the options. Fixed values are built at boot. */
export function compileCors ({ origins, methods, headers, exposed, credentials, maxAge, privateNetwork }: CorsOptions): CorsFields {
  const allows = compileOrigins(origins)
  const everybody = origins.includes('*')
  const common: Field[] = credentials ? [['access-control-allow-credentials', 'true']] : []
  const exposing = (names: readonly string[]): Field[] =>
    names.length === 0 ? common : [...common, ['access-control-expose-headers', names.join(', ')]]
  const answers = exposing(exposed)
  const callAnswers = exposing([...new Set([...exposed, ...ofCalls])])
  const preflights: Field[] = [
    ...common,
    ['access-control-allow-methods', methods.join(', ')],
    ['access-control-max-age', String(Math.floor(maxAge / 1000))]
  ]
  const named: Field[] = headers === 'any' || headers.length === 0 ? [] : [['access-control-allow-headers', headers.join(', ')]]
  const originField = (origin: string): Field => ['access-control-allow-origin', everybody ? '*' : origin]

  return {
    varies: !everybody,
    answer: (origin, call = false) => allows(origin) ? [originField(origin), ...call ? callAnswers : answers] : none,
    preflight ({ origin, headers: asked, privateNetwork: asksPrivate }) {
      if (!allows(origin)) return none
      const fields = [originField(origin), ...preflights, ...named]
      if (headers === 'any' && isNames(asked)) fields.push(['access-control-allow-headers', asked])
      if (privateNetwork && asksPrivate) fields.push(['access-control-allow-private-network', 'true'])
      return fields
    }
  }
}

/** The requested names are sent back, so they must be a valid list of names. */
function isNames (text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*$/.test(text)
}
