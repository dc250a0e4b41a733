/** Access control of the admin listener: keeps web pages of others out, recognizes the operator, and knows what each role may do. */

import type { IncomingHttpHeaders } from 'node:http'
import type { Clock, Config, Operator, OperatorRole, ReasonCode } from '../../../src/index.ts'
import { compileOriginCheck, isFromOwnScript } from './origin-check.ts'
import { readSessionId } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import { readTokens, type Tokens } from './tokens.ts'

/** What the guard looks at. */
export interface AdminRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Whether the route needs no token. */
  readonly withoutToken?: boolean | undefined
  /** Whether a link on any page may lead to the route. */
  readonly linked?: boolean | undefined
  /** Who may use the route; by default `view` for what only reads, `operate` for everything else. */
  readonly role?: OperatorRole | undefined
}

/** Why a request is rejected. */
export interface Rejection {
  readonly code: ReasonCode
  readonly detail?: string
}

/** What a guard has found: who asks, or why the request is rejected. `operator` is undefined on routes that need no token. */
export type Access =
  | { readonly rejection: Rejection, readonly operator?: undefined }
  | { readonly rejection?: undefined, readonly operator: Omit<Operator, 'address'> | undefined }

export type Guard = (request: AdminRequest) => Access

/** Used by load balancers and orchestrators, which have no token. With `?verbose` the response contains lines of the configuration. */
const open: ReadonlySet<string> = new Set(['/livez', '/readyz'])

/** Methods that change nothing. */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Compiles the rules of `admin`. */
export function compileGuard (admin: Config['admin'], sessions: Sessions, clock: Pick<Clock, 'wall'>): Guard {
  const isAllowed = compileOriginCheck(admin)
  const tokens = readTokens(admin)
  return ({ method, path, headers, withoutToken, linked, role = safe.has(method) ? 'view' : 'operate' }) => {
    if (!isAllowed(headers, linked === true && safe.has(method))) {
      return reject('forbidden', 'the request comes from a page of another origin, or asks for another host')
    }
    if (withoutToken === true || open.has(path)) return { operator: undefined }
    const access = recognize(headers, method, { tokens, sessions, now: clock.wall() })
    if (access.rejection === undefined && role === 'operate' && access.operator?.role !== 'operate') {
      return reject('forbidden', 'this needs the role `operate`, which admin.token gives; admin.viewToken gives `view`')
    }
    return access
  }
}

/** An Authorization field counts more than a cookie: who sends one is no browser that adds it unasked. */
function recognize (
  { authorization, ...headers }: IncomingHttpHeaders,
  method: string,
  { tokens, sessions, now }: { readonly tokens: Tokens, readonly sessions: Sessions, readonly now: number }
): Access {
  if (!tokens.any) return { operator: { role: 'operate', via: 'loopback' } }
  if (authorization !== undefined) return byToken(authorization, tokens)
  const id = readSessionId(headers.cookie)
  if (id === undefined) return reject('missing-token')
  const session = sessions.find(id, tokens.digest, now)
  if (session === undefined) return reject('missing-token', 'the session has ended')
  // A browser adds the cookie to requests of any page. Only a script of the console's own page may change something.
  if (!safe.has(method) && !isFromOwnScript(headers)) {
    return reject('forbidden', 'with a session, a change needs Origin, and Content-Type: application/json or X-Requested-With')
  }
  const { role, until, ended } = session
  return { operator: { role, via: 'session', until, ended } }
}

function byToken (authorization: string, tokens: Tokens): Access {
  const [scheme, token] = authorization.split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return reject('missing-token')
  const role = tokens.roleOf(token)
  return role === undefined ? reject('invalid-token') : { operator: { role, via: 'token' } }
}

function reject (code: ReasonCode, detail?: string): Access {
  return { rejection: { code, ...detail === undefined ? {} : { detail } } }
}
