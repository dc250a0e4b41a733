/** The console: what people see of the gateway on its admin listener, and the routes behind it. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { PluginConfig } from '../../../src/index.ts'
import { addLive } from './live.ts'
import { checkConsole, ConsoleSchema, type ConsoleOptions } from './options.ts'
import { addPage } from './page.ts'
import { addRequests, keepRequests } from './requests.ts'
import { addTraffic } from './traffic.ts'

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly console: ConsoleOptions
  }
}

export const config = { root: { console: ConsoleSchema }, check: checkConsole } satisfies PluginConfig

/** What the console consists of. Each concern adds its routes to the admin listener. */
const concerns: readonly ((app: FastifyInstance) => void | Promise<void>)[] = [
  addTraffic,
  addRequests,
  addPage,
  addLive
]

async function console (app: FastifyInstance): Promise<void> {
  const { config: { console: { enabled } }, rehearsal, threads } = app.gateway
  if (!enabled || rehearsal) return
  keepRequests(app.gateway)
  // Only the thread with the admin listener has routes.
  if (threads.role === 'data') return
  for (const add of concerns) await add(app)
}

export default fp(console, { name: 'console', fastify: '5.x', dependencies: ['admin', 'metrics'] })
