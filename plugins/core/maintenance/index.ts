/** Maintenance: `server.maintenance`, or an operator, lets the gateway respond 503 to all requests but those of its exceptions. */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import { compileTrust, GatewayError, type PluginConfig } from '../../../src/index.ts'
import { checkMaintenance, MaintenanceKey, settingsOf, type Maintenance } from './options.ts'
import { addMaintenanceRoutes } from './routes.ts'
import { compilePaths } from './paths.ts'
import { maintenanceCells, Switch } from './switch.ts'

declare module '../../../src/index.ts' {
  interface ServerConfig {
    readonly maintenance: Maintenance
  }
}

export const config = { server: { maintenance: MaintenanceKey }, check: checkMaintenance } satisfies PluginConfig

async function maintenance (app: FastifyInstance): Promise<void> {
  const { gateway, metrics } = app
  const { enabled, retryAfter, message, except, exceptPaths } = settingsOf(gateway.config.server.maintenance)
  const state = new Switch(gateway.state({ kind: 'maintenance', key: 'switch', cells: maintenanceCells }), enabled)
  const exempt = compileTrust(except)
  const open = compilePaths(exceptPaths)
  const refusal = {
    ...(message === undefined ? {} : { detail: message }),
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(Math.ceil(retryAfter / 1000)) } })
  }

  gateway.onBegin(exchange => {
    if (!state.on || exchange.refusal !== undefined || exempt(exchange.clientIp) || open(exchange.path)) return
    exchange.refusal = new GatewayError('maintenance', refusal)
  })
  addMaintenanceRoutes(gateway, state)

  const gauge = metrics.gauge({ name: 'gateway_maintenance', help: 'Whether the gateway is in maintenance: 1 yes, 0 no.' })
  metrics.onScrape(() => gauge.set(state.on ? 1 : 0))
}

export default fp(maintenance, { name: 'maintenance', fastify: '5.x', dependencies: ['metrics'] })
