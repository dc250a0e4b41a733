/** `POST /login`, `POST /logout` and `GET /session`: a token becomes a session, for browsers. */

import { type FastifyReply, type FastifyRequest, type GatewayApi, GatewayError, operatorOf } from '../../../src/index.ts'
import { LoginAttempts } from './login-attempts.ts'
import { isFromOwnScript, isOverTls } from './origin-check.ts'
import { noSessionCookie, readSessionId, sessionCookie } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import { readTokens } from './tokens.ts'

/** Most bytes of the body of a login. */
const bodyLimit = 4096

/** Adds the routes to the admin listener. */
export function addLoginRoutes (gateway: GatewayApi, sessions: Sessions): void {
  const { admin, clock, events } = gateway
  const tokens = readTokens(gateway.config.admin)
  const attempts = gateway.resource({ kind: 'admin', key: 'login-attempts', create: () => new LoginAttempts() })

  events.subscribe(({ type }) => {
    if (type === 'configuration-reloaded') sessions.keepOnly(tokens.digest)
  })

  admin.post('/login', { bodyLimit, config: { withoutToken: true } }, (request, reply) => {
    const { body, headers, ip } = request
    if (!isFromOwnScript(headers)) {
      throw new GatewayError('forbidden', { detail: 'a login needs Origin and Content-Type: application/json; programs send the token ' +
        'itself, as Authorization: Bearer' })
    }
    const token = tokenIn(body)
    if (!tokens.any) throw new GatewayError('conflict', { detail: 'no admin.token is configured, so no login is needed' })
    const now = clock.now()
    const wait = attempts.wait(ip, now)
    if (wait > 0) {
      const headers = { 'retry-after': String(Math.ceil(wait / 1000)) }
      throw new GatewayError('rate-limited', { detail: 'too many wrong tokens within a minute', headers })
    }
    const role = tokens.roleOf(token)
    if (role === undefined) {
      attempts.count(ip, now)
      events.emit({ type: 'login-refused', by: ip })
      throw new GatewayError('invalid-token', { detail: 'this token gives no access' })
    }
    closeOwn(request, sessions)
    const { id, session: { until } } = sessions.open(role, tokens.digest, clock.wall())
    events.emit({ type: 'operator-logged-in', by: ip, role })
    void reply.header('set-cookie', sessionCookie(id, isOverTls(headers)))
    return { role, by: 'session', until: new Date(until).toISOString() }
  })

  admin.post('/logout', { bodyLimit, config: { role: 'view' } }, (request: FastifyRequest, reply: FastifyReply) => {
    const { via, address: by, role } = operatorOf(request)
    if (via === 'session') {
      closeOwn(request, sessions)
      events.emit({ type: 'operator-logged-out', by, role })
    }
    return reply.code(204).header('set-cookie', noSessionCookie).send()
  })

  admin.get('/session', request => {
    const { role, via, until } = operatorOf(request)
    return { role, by: via, ...until === undefined ? {} : { until: new Date(until).toISOString() } }
  })
}

function closeOwn ({ headers }: FastifyRequest, sessions: Sessions): void {
  const id = readSessionId(headers.cookie)
  if (id !== undefined) sessions.close(id)
}

/** @throws GatewayError `bad-request` */
function tokenIn (body: unknown): string {
  const { token } = (typeof body === 'object' && body !== null ? body : {}) as { readonly token?: unknown }
  if (typeof token === 'string' && token !== '') return token
  throw new GatewayError('bad-request', { detail: 'give a body of JSON with a `token`, such as {"token":"…"}' })
}
