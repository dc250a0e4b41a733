/** The composition root: builds one Fastify app from one configuration and registers the core plugins in a fixed order. */

import fastify, { type FastifyInstance } from 'fastify'
import type { PluginModule } from '../contract/plugin.ts'
import { AuthenticationCheck } from '../config/check/check-authentication.ts'
import { child } from '../config/pointer.ts'
import { schemaController } from '../internals/fastify-schema-compilers.ts'
import { PluginHost, type AppOptions } from './plugin-host.ts'
import { hookExchange } from './exchange-hooks.ts'
import { longestStart } from './plugin-loading.ts'
import { guardPlugin, registerPolicies } from './policies.ts'
import { ResponseLog } from './response-log.ts'
import { inPieces } from '../scheduling/steps.ts'
import { RequestLog } from '../logging/request-log.ts'
import { exchangeOf } from '../exchange/exchange.ts'

import * as accessLog from '../../plugins/core/access-log/index.ts'
import * as admin from '../../plugins/core/admin/index.ts'
import * as canonicalUrls from '../../plugins/core/canonical-urls/index.ts'
import * as circuitBreaking from '../../plugins/core/circuit-breaking/index.ts'
import * as console from '../../plugins/core/console/index.ts'
import * as errorHandling from '../../plugins/core/error-handling/index.ts'
import * as grpcWeb from '../../plugins/core/grpc-web/index.ts'
import * as healthChecks from '../../plugins/core/health-checks/index.ts'
import * as loadBalancing from '../../plugins/core/load-balancing/index.ts'
import * as maintenance from '../../plugins/core/maintenance/index.ts'
import * as metrics from '../../plugins/core/metrics/index.ts'
import * as mocks from '../../plugins/core/mocks/index.ts'
import * as overload from '../../plugins/core/overload/index.ts'
import * as proxying from '../../plugins/core/proxying/index.ts'
import * as requestGuard from '../../plugins/core/request-guard/index.ts'
import * as responding from '../../plugins/core/responding/index.ts'
import * as routing from '../../plugins/core/routing/index.ts'
import * as targetDiscovery from '../../plugins/core/target-discovery/index.ts'
import * as tracing from '../../plugins/core/tracing/index.ts'
import * as unreachableTargets from '../../plugins/core/unreachable-targets/index.ts'

/** In the order in which their hooks run for a request. */
const concerns: readonly PluginModule[] = [
  mocks,
  errorHandling,
  requestGuard,
  metrics,
  tracing,
  accessLog,
  maintenance,
  canonicalUrls,
  loadBalancing,
  circuitBreaking,
  healthChecks,
  unreachableTargets,
  targetDiscovery,
  overload,
  admin,
  console,
  grpcWeb,
  proxying,
  responding
]

/**
 * All core plugins; the schema of the configuration is composed from them. Routing comes last, so the scopes of the routes inherit the
 * hooks of all others.
 */
export const rootPlugins: readonly PluginModule[] = [...concerns, routing]

/**
 * Builds an app that is ready but does not listen. Its admin app is not ready yet. On failure everything that was built is closed again.
 */
export async function buildApp (options: AppOptions): Promise<FastifyInstance> {
  const { config } = options
  const host = new PluginHost(options)
  const app = fastify({
    schemaController,
    loggerInstance: host.log,
    childLoggerFactory: (log, _bindings, own, raw) => new RequestLog(log, exchangeOf(raw), own),
    logController: new ResponseLog(),
    routerOptions: { maxParamLength: config.server.limits.url, caseSensitive: true },
    trustProxy: host.trusted ?? false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    exposeHeadRoutes: false,
    pluginTimeout: longestStart,
    return503OnClosing: false,
    genReqId: raw => exchangeOf(raw).id,
    rewriteUrl: raw => host.begin(raw)
  })
  app.decorate('gateway', host)
  try {
    hookExchange(app, host)
    const responseHooks = host.responsePipelines.hooksOf(app)
    host.responsePipelines.watch(app)
    for (const { default: register } of concerns) {
      await responseHooks.register(undefined, async () => { await app.register(register as never) })
    }
    for (const [index, { plugin, ...own }] of config.plugins.entries()) {
      const { default: register, config: keys } = options.plugins.get(plugin)!
      const pointer = child('/plugins', index)
      await responseHooks.register(
        pointer,
        async () => await guardPlugin(
          app,
          { plugin, policy: undefined, pointer, policies: config.server.policies },
          host.additions,
          async () => { await app.register(register as never, keys === undefined ? own : { ...own, policy: plugin }) }
        )
      )
    }
    await registerPolicies(app, config.server.policies, options.plugins, responseHooks, host.additions)
    // Called directly and not registered, because with tens of thousands of routes it may take longer than the plugin timeout.
    await routing.default(app)
    if (config.server.requireAuth) {
      const authentication = new AuthenticationCheck(config, options.plugins)
      host.additions.checkRoutes(policy => authentication.authenticates(policy))
    }
    // The scopes of the routes are complete, so response hooks of the server now run after those of the routes.
    await responseHooks.release()
    await inPieces(host.responsePipelines.compile(app))
    await app.ready()
    return app
  } catch (error) {
    await app.close().catch(() => {})
    throw error
  }
}
