/** Runs a request through the real pipeline without sending it, on a copy of all state. */

import type { X509Certificate } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ClientTunnel } from '../contract/client-request.ts'
import type { Decision } from '../contract/exchange.ts'
import type { Candidate, Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import { buildApp } from './app.ts'
import type { Loaded } from '../config/load.ts'
import type { PluginHost } from './plugin-host.ts'
import type { PluginRoute } from '../contract/plugin-route.ts'
import { reasons } from '../contract/errors.ts'
import { readHandshake } from '../http/websocket.ts'
import { readRedaction } from '../logging/log-redaction.ts'
import type { GenerationContext } from './generation-context.ts'
import { attemptFields } from '../transport/attempt-fields.ts'
import { deadlineOf } from '../transport/grpc-call.ts'
import { TimeLimits } from '../transport/time-limits.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import type { RehearsalHolder } from '../state/rehearsal-holder.ts'
import { withoutCredentials } from './credentials.ts'
import { connectionWith, readCertificate } from './given-certificate.ts'
import { rehearsalHeaders } from './rehearsal-headers.ts'

/** The parts of a loaded configuration that a rehearsal needs. */
export type RehearsedConfig = Pick<Loaded, 'config' | 'plugins' | 'schema' | 'folder'>

/**
 * An app that is built completely, but does not listen, sends nothing and starts no timers. It rehearses one request at a time, each on a
 * copy of the current state.
 */
export class RehearsalApp {
  readonly host: PluginHost
  readonly #app: FastifyInstance
  readonly #holder: RehearsalHolder
  readonly #redacted: ReadonlySet<string>
  /** The exchange of the request under way, and its candidate routes. */
  #exchange: HttpExchange | undefined
  #candidates: readonly Candidate[] = []
  /** The certificate of the request under way. */
  #certificate: X509Certificate | undefined

  private constructor (app: FastifyInstance, holder: RehearsalHolder) {
    this.#app = app
    this.#holder = holder
    this.host = app.gateway as PluginHost
    this.#redacted = readRedaction(this.host.config.logging?.redact ?? []).headers
    this.host.onBegin(exchange => {
      this.#exchange = exchange
      exchange.decisions = []
      if (this.#certificate !== undefined) exchange.client = connectionWith(exchange.client, this.#certificate, exchange.host)
      offerTunnel(exchange)
      dropEmptyUserAgent(exchange)
      this.#candidates = this.host.router.explain(exchange).map(({ route, verdict, why }) => ({ route: route.name, verdict, why }))
    })
  }

  /** @throws ConfigError, or the error of a plugin that is registered */
  static async build ({ config, plugins, schema, folder }: RehearsedConfig, context: GenerationContext): Promise<RehearsalApp> {
    const holder = context.holdings.fork()
    let app: FastifyInstance | undefined
    try {
      const logger = context.logger.child({}, { level: 'silent' })
      app = await buildApp({ ...context, logger, config, plugins, schema, folder, holder, rehearsal: true })
      const rehearsal = new RehearsalApp(app, holder)
      await rehearsal.host.admin.ready()
      return rehearsal
    } catch (error) {
      await app?.close()
      await holder.release()
      throw error
    }
  }

  /**
   * Changes no state and sends nothing. Must not be called while another rehearsal is under way.
   * @throws GatewayError `bad-request` where the certificate cannot be read
   */
  async rehearse (request: RehearsalRequest): Promise<Rehearsal> {
    const { method, url, remoteAddress = '127.0.0.1', certificate } = request
    this.#certificate = certificate === undefined ? undefined : readCertificate(certificate)
    this.#holder.renew()
    try {
      const { statusCode, headers } = await this.#app.inject({
        method: method as 'GET',
        url,
        headers: rehearsalHeaders(request),
        remoteAddress
      })
      const exchange = this.#exchange!
      await closed(exchange)
      const own = exchange.request?.routeOptions.config.pluginRoute
      const decisions = [...exchange.decisions ?? [], ...responseOfPlugin(exchange, statusCode)]
      return {
        method,
        url,
        route: exchange.route?.name ?? own?.path,
        candidates: own === undefined ? this.#candidates : [...this.#candidates, candidateOf(own)],
        decisions,
        unknown: decisions.filter(({ verdict }) => verdict === 'unknown').map(({ by }) => by),
        outcome: { ...this.#outcome(exchange, statusCode), location: headers.location }
      }
    } finally {
      this.#exchange = undefined
    }
  }

  async close (): Promise<void> {
    await this.#app.close()
    await this.host.admin.close()
    await this.#holder.release()
  }

  #outcome (exchange: HttpExchange, status: number): Omit<Rehearsal['outcome'], 'location'> {
    // An injected response never reports that it is finished, so its end looks like a client that left.
    const reason = exchange.reason === reasons['client-closed'] ? undefined : exchange.reason
    const { outgoing, attempt, upstream, startedAt } = exchange
    const limits = upstream === undefined ? undefined : new TimeLimits(upstream.config.timeouts, startedAt, deadlineOf(exchange), undefined)
    limits?.start(startedAt)
    return {
      status,
      code: reason?.code,
      upstream: upstream?.name,
      target: attempt?.target.url,
      forwards: outgoing === undefined || reason !== undefined ? undefined : {
        method: outgoing.method,
        path: attempt!.target.basePath + outgoing.path,
        headers: withoutCredentials(attemptFields(exchange, attempt!, limits!, startedAt), this.#redacted)
      }
    }
  }
}

/** The decision of a plugin that has sent the response itself, or has failed. */
function responseOfPlugin ({ running, outgoing, reason }: HttpExchange, status: number): Decision[] {
  if (running === undefined || (outgoing !== undefined && reason === undefined)) return []
  const { plugin, policy, hook } = running
  const failed = reason?.fault === 'plugin'
  return [{ by: policy ?? plugin, verdict: failed ? 'failed' : 'responded', why: `${hook} ${failed ? 'has failed' : `sends ${status}`}` }]
}

function candidateOf ({ plugin, path }: PluginRoute): Candidate {
  return { route: path, verdict: 'chosen', why: `no route of the file matches; plugin ${plugin} adds this one` }
}

/** Waits for the end of an exchange: what it has taken must be released before the next request is rehearsed. */
async function closed (exchange: HttpExchange): Promise<void> {
  if (!exchange.over) await new Promise<void>(resolve => { exchange.onClose(resolve) })
}

/** A request for a WebSocket has a tunnel, as that of a client has. */
function offerTunnel ({ raw, fields }: HttpExchange): void {
  if (readHandshake(raw) !== 'valid') return
  const given = raw as { tunnel?: ClientTunnel }
  given.tunnel = { accept: () => { throw new Error('a rehearsal sends nothing') } }
  for (const name of ['sec-websocket-key', 'sec-websocket-version']) fields.drop(name)
}

function dropEmptyUserAgent ({ headers, fields }: HttpExchange): void {
  if (headers['user-agent'] === '') fields.drop('user-agent')
}
