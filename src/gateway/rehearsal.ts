/**
 * A rehearsal: one request through the real pipeline, with the last step, sending, left out and all state forked. The pipeline is a
 * generation of its own, built from the routes that the request could be meant for, so it costs the same with ten routes as with ten thousand.
 */

import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import { buildApp } from './app.ts'
import type { Loaded } from '../config/load.ts'
import type { PluginHost } from './plugin-host.ts'
import { reasons } from '../contract/errors.ts'
import { readRedaction, redactedText } from '../logging/log-redaction.ts'
import type { Generation, GenerationContext } from './generation.ts'
import { pathInterpretations } from '../http/path-interpretations.ts'
import type { Route } from '../contract/route.ts'
import { attemptFields } from '../transport/attempt-fields.ts'
import type { Exchange } from '../contract/exchange.ts'

/** Rehearses a request against what `current` serves now. Changes no state and sends nothing. */
export async function rehearse (current: Pick<Generation, 'loaded' | 'door'>, context: GenerationContext, request: RehearsalRequest): Promise<Rehearsal> {
  const { config, plugins, schema, folder } = current.loaded
  // Without one, injection would add its own, which is not part of the request.
  const headers = { host: hostOf(request) ?? 'localhost', 'user-agent': '', ...request.headers }
  const asked = view(current.door, request, headers)
  const candidates = current.door.router.explain(asked)
  const routes = [...concerned(current.door, asked)].map(({ config }) => config)
  const leases = context.leases.fork()
  let seen: Exchange | undefined
  const app = await buildApp({ ...context, logger: context.logger.child({}, { level: 'silent' }), config: { ...config, routes }, plugins, schema, folder, leases, rehearsal: true })
  try {
    const door = app.gateway as PluginHost
    door.onBegin(exchange => {
      seen = exchange
      exchange.decisions = []
      if (headers['user-agent'] === '') dropUserAgent(exchange)
    })
    const answer = await app.inject({ method: request.method as 'GET', url: request.url, headers, remoteAddress: request.remoteAddress ?? '127.0.0.1' })
    const exchange = seen!
    // An injected answer never says that it is finished, so its end looks like a client that left.
    const reason = exchange.reason === reasons['client-closed'] ? undefined : exchange.reason
    const forwarded = exchange.outgoing !== undefined && reason === undefined
    return {
      method: request.method,
      url: request.url,
      route: exchange.route?.name,
      candidates: candidates.map(({ route, verdict, why }) => ({ route: route.name, verdict, why })),
      decisions: exchange.decisions ?? [],
      outcome: {
        status: answer.statusCode,
        code: reason?.code,
        upstream: exchange.upstream?.name,
        target: exchange.attempt?.target.url,
        forwards: forwarded ? { method: exchange.outgoing!.method, path: exchange.attempt!.target.basePath + exchange.outgoing!.path, headers: withoutCredentials(attemptFields(exchange, exchange.attempt!, exchange.upstream!.config.timeouts.total || Infinity), readRedaction(config.logging?.redact ?? []).headers) } : undefined
      }
    }
  } finally {
    await app.close()
    await leases.release()
  }
}

/** The routes that have a say in what becomes of the request: those of its path, and those of the paths that it is compared with. */
function concerned ({ router }: PluginHost, exchange: Exchange): Set<Route> {
  const { path } = exchange
  const routes = new Set<Route>()
  for (const other of [path, ...pathInterpretations(path) ?? [], path.endsWith('/') ? path.slice(0, -1) : `${path}/`]) {
    exchange.path = other
    for (const { route } of router.explain(exchange)) routes.add(route)
  }
  return new Set([...routes].sort((a, b) => a.index - b.index))
}

/** What a configuration would be if it served: all of it built, nothing listening, nothing sent, no timer started. */
export interface Rehearsed extends Pick<Generation, 'loaded' | 'door'> {
  close (): Promise<void>
}

/**
 * Builds a configuration for rehearsals only, without a gateway that runs.
 * @throws ConfigError, or whatever a plugin throws while it is registered
 */
export async function buildRehearsal (loaded: Loaded, context: GenerationContext): Promise<Rehearsed> {
  const leases = context.leases.fork()
  const { config, plugins, schema, folder } = loaded
  let app: FastifyInstance | undefined
  const close = async (): Promise<void> => {
    await app?.close()
    await (app?.gateway as PluginHost | undefined)?.admin.close()
    await leases.release()
  }
  try {
    app = await buildApp({ ...context, config, plugins, schema, folder, leases, rehearsal: true })
    const door = app.gateway as PluginHost
    await door.admin.ready()
    return { loaded, door, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The request as the router of the live generation sees it. */
function view (door: PluginHost, request: RehearsalRequest, headers: Readonly<Record<string, string>>): Exchange {
  const raw = new IncomingMessage(new Socket())
  raw.httpVersion = '1.1'
  raw.method = request.method
  raw.url = request.url
  for (const [name, value] of Object.entries(headers)) raw.headers[name.toLowerCase()] = value
  return door.open(raw)
}

/** Names of fields that are credentials, whatever else they are called. */
const telling = /token|secret|api-?key|passw|authorization|cookie|credential|signature|session|jwt/i
/** What signs itself is one in any field. */
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/

function withoutCredentials (fields: readonly string[], named: ReadonlySet<string>): string[] {
  return fields.map((text, index) => index % 2 === 1 && isCredential(fields[index - 1]!, text, named) ? redactedText : text)
}

function isCredential (name: string, value: string, named: ReadonlySet<string>): boolean {
  return named.has(name.toLowerCase()) || telling.test(name) || jwt.test(value)
}

function dropUserAgent ({ raw }: Exchange): void {
  const at = raw.rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'user-agent')
  if (at !== -1) raw.rawHeaders.splice(at, 2)
  delete raw.headers['user-agent']
}

function hostOf ({ url }: RehearsalRequest): string | undefined {
  return url.startsWith('/') ? undefined : URL.parse(url)?.host
}
