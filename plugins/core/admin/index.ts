/** The routes of the admin listener besides metrics: health of the gateway, its state, rehearsals and reload. */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import {
  type GatewayApi, GatewayError, type PluginConfig, problemDocument, problemType, type ReasonCode, reasons, signatureOf
} from '../../../src/index.ts'
import { checkAdmin } from './check.ts'
import { addConfigRoutes } from './config-routes.ts'
import { addDebugRoutes } from './debug-routes.ts'
import { addEventRoutes } from './event-routes.ts'
import { addExplainRoutes } from './explain-routes.ts'
import { compileGuard, type Rejection } from './guard.ts'
import { addLoginRoutes } from './login-routes.ts'
import { levelOf } from './log-level.ts'
import { describeRestored } from './reload-record.ts'
import { addReloadRoutes } from './reload-routes.ts'
import { addRouteRoutes } from './route-routes.ts'
import { Sessions } from './sessions.ts'
import { describeUpstreams, wallTimeOf } from './state.ts'

export const config = { check: checkAdmin } satisfies PluginConfig

declare module 'fastify' {
  interface FastifyContextConfig {
    /** On a route of the admin listener: it needs no token and no session. */
    withoutToken?: boolean
    /** On a route of the admin listener: a page that shows nothing by itself, so that links on pages of others may lead to it. */
    linked?: boolean
  }
}

async function admin (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { control } = gateway
  const page = gateway.admin

  // One for all generations, so that a reload ends no session.
  const sessions = gateway.resource({ kind: 'admin', key: 'sessions', create: () => new Sessions(), close: all => all.closeAll() })
  const guard = compileGuard(gateway.config.admin, sessions, gateway.clock)
  page.decorateRequest('operator', null)
  page.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store')
    const { method, url: path, headers, ip: address, routeOptions: { config: { withoutToken, linked, role } } } = request
    const { rejection, operator } = guard({ method, path, headers, withoutToken, linked, role })
    if (rejection !== undefined) return done(errorOf(rejection))
    if (operator !== undefined) request.operator = { ...operator, address }
    done()
  })
  page.setErrorHandler((error, _request, reply) => {
    const known = error instanceof GatewayError ? error : undefined
    const code = codes.get((error as { statusCode?: number }).statusCode)
    const reason = known?.reason ?? reasons[code ?? 'internal']
    if (known === undefined && code === undefined) page.log.error({ err: error }, 'admin request failed')
    void reply.code(reason.status).headers(known?.headers ?? {}).type(problemType).send(problemDocument(reason, undefined, known))
  })
  page.setNotFoundHandler(() => { throw new GatewayError('not-found') })

  page.get('/livez', () => ({ status: 'ok' }))
  page.get('/readyz', ({ query }, reply) => {
    const ready = !control.draining
    void reply.code(ready ? 200 : 503)
    const status = ready ? 'ready' : 'draining'
    if ((query as { verbose?: string }).verbose === undefined) return { status }
    return { status, ...describeControl(gateway), ...describeCertificates(gateway), ...describeThreads(gateway) }
  })
  const wallTime = wallTimeOf(gateway.clock)
  page.get('/upstreams', () => describeUpstreams(gateway.upstreams, gateway.clock, wallTime))
  page.get('/threads', () => threadsOf(gateway))
  addLoginRoutes(gateway, sessions)
  addEventRoutes(gateway)
  addDebugRoutes(gateway)
  addConfigRoutes(gateway)
  addRouteRoutes(gateway)
  addReloadRoutes(gateway)
  addExplainRoutes(gateway)
  page.get('/log-level', () => ({ level: control.logLevel }))
  page.put('/log-level', request => {
    control.setLogLevel(levelOf(request.query), signatureOf(request))
    return { level: control.logLevel }
  })
}

/** What Fastify says of a body that it cannot read. */
const codes: ReadonlyMap<number | undefined, ReasonCode> = new Map([
  [400, 'bad-request'], [413, 'body-too-large'], [415, 'unsupported-media-type']
])

function errorOf ({ code, detail }: Rejection): GatewayError {
  return new GatewayError(code, {
    ...detail === undefined ? {} : { detail },
    ...code === 'missing-token' ? { headers: { 'www-authenticate': 'Bearer realm="admin"' } } : {}
  })
}

/** The state of readiness for operators. */
function describeControl ({ control }: GatewayApi): object {
  return {
    generation: control.generation,
    loadedAt: new Date(control.loadedAt).toISOString(),
    warnings: control.warnings,
    ...describeRestored(control.history),
    ...control.certificates.length === 0 ? {} : {
      certificates: control.certificates.map(({ listener, hosts, to, expiring }) => ({
        listener, hosts, until: new Date(to).toISOString(), expiring
      }))
    },
    lastReload: control.refused === undefined ? { ok: true } : {
      ok: false,
      at: new Date(control.refused.at).toISOString(),
      problems: control.refused.problems
    }
  }
}

/** The certificates that the gateway requests itself; nothing where it requests none. */
function describeCertificates (gateway: GatewayApi): object {
  const certificates = gateway.managedCertificates()
  if (certificates.length === 0) return {}
  return {
    requestedCertificates: certificates.map(({ validUntil, nextRequest, ...others }) => ({
      ...others,
      validUntil: validUntil === undefined ? null : new Date(validUntil).toISOString(),
      nextRequest: new Date(nextRequest).toISOString()
    }))
  }
}

/** The threads that serve clients; nothing where one thread does everything. */
function describeThreads (gateway: GatewayApi): object {
  const threads = threadsOf(gateway)
  return threads.length === 0 ? {} : { threads }
}

function threadsOf ({ control }: GatewayApi): object[] {
  return control.threads.map(({ since, ...thread }) => ({ ...thread, since: new Date(since).toISOString() }))
}

export default fp(admin, { name: 'admin', fastify: '5.x' })
