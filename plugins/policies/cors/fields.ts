/** The fields of an answer by which a browser learns what a page may do (Fetch §3.3). */

import type { CorsOptions } from './options.ts'
import { compileOrigins } from './origins.ts'

/** A field for the answer. */
export type Field = readonly [name: string, value: string]

/** What a preflight asks. */
export interface Preflight {
  readonly origin: string
  readonly method: string
  /** Access-Control-Request-Headers; '' for none. */
  readonly headers: string
  readonly privateNetwork: boolean
}

export interface CorsFields {
  /** Whether answers differ by origin, so that caches must keep them apart. */
  readonly varies: boolean
  /** Fields of an answer to a page of `origin`; none where it is not let in. */
  answer (origin: string): readonly Field[]
  /** Fields of the answer to a preflight; none where its origin is not let in. */
  preflight (asked: Preflight): readonly Field[]
}

/** All that an upstream may have said of the matter: two opinions are none to a browser. */
export const upstreamFields: readonly string[] = [
  'access-control-allow-origin', 'access-control-allow-credentials', 'access-control-expose-headers', 'access-control-allow-methods',
  'access-control-allow-headers', 'access-control-max-age', 'access-control-allow-private-network'
]

const none: readonly Field[] = []

/** Compiles the options: what can be said at boot is said at boot. */
export function compileCors ({ origins, methods, headers, exposed, credentials, maxAge, privateNetwork }: CorsOptions): CorsFields {
  const allows = compileOrigins(origins)
  const everybody = origins.includes('*')
  const common: Field[] = credentials ? [['access-control-allow-credentials', 'true']] : []
  const answers: Field[] = exposed.length === 0 ? common : [...common, ['access-control-expose-headers', exposed.join(', ')]]
  const preflights: Field[] = [
    ...common,
    ['access-control-allow-methods', methods.join(', ')],
    ['access-control-max-age', String(Math.floor(maxAge / 1000))]
  ]
  const named: Field[] = headers === 'any' || headers.length === 0 ? [] : [['access-control-allow-headers', headers.join(', ')]]
  const originField = (origin: string): Field => ['access-control-allow-origin', everybody ? '*' : origin]

  return {
    varies: !everybody,
    answer: origin => allows(origin) ? [originField(origin), ...answers] : none,
    preflight ({ origin, headers: asked, privateNetwork: asksPrivate }) {
      if (!allows(origin)) return none
      const fields = [originField(origin), ...preflights, ...named]
      if (headers === 'any' && isNames(asked)) fields.push(['access-control-allow-headers', asked])
      if (privateNetwork && asksPrivate) fields.push(['access-control-allow-private-network', 'true'])
      return fields
    }
  }
}

/** What is sent back must be a list of names, whatever was asked. */
function isNames (text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*$/.test(text)
}
