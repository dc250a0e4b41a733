/** A service on Fastify and the gateway before it, in one process. */

import fastify, { type FastifyInstance as Service } from 'fastify'
import { createGateway, GatewayError, type EmbeddedGateway, type FastifyInstance } from 'onedoor'

/** The service. It knows nothing of limits and plans, and listens on loopback only. */
function createService (logger: boolean): Service {
  const app = fastify({ logger })
  app.get('/users/:id', async request => ({ id: (request.params as { id: string }).id, plan: request.headers['x-plan'] }))
  return app
}

/** A policy that is code of this program: it can use whatever the program has, such as its database. */
const plans = new Map([['key-of-ada', 'gold'], ['key-of-bob', 'free']])

async function planPolicy (app: FastifyInstance, { upTo }: { readonly upTo: string }): Promise<void> {
  app.addHook('onRequest', async request => {
    const plan = plans.get(String(request.headers['x-api-key']))
    if (plan === undefined) throw new GatewayError('forbidden', { detail: 'send the header x-api-key' })
    if (upTo === 'gold' && plan !== 'gold') throw new GatewayError('forbidden', { detail: 'for gold customers' })
  })
}

/** Both, as they run. */
export interface Running {
  readonly gateway: EmbeddedGateway
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts both. Closes both again when one of them cannot start. */
export async function start ({ port = 8080, logger = true } = {}): Promise<Running> {
  const service = createService(logger)
  const target = await service.listen({ host: '127.0.0.1', port: 0 })
  const gateway = createGateway({
    logger: service.log,
    plugins: { plan: planPolicy },
    config: {
      server: { host: '127.0.0.1', port },
      admin: { enabled: false },
      policies: {
        customers: { plugin: 'plan', upTo: 'free' },
        gold: { plugin: 'plan', upTo: 'gold' },
        'per-client': { plugin: 'rate-limiting', limit: '100/s', key: 'ip' }
      },
      routes: [
        { path: '/users/*', target, policies: ['per-client', 'customers'] },
        { path: '/users/1', target, policies: ['per-client', 'gold'] }
      ]
    }
  })
  /** The gateway first: it waits for the requests in flight, which the service still answers. */
  const close = async (): Promise<void> => {
    await gateway.close()
    await service.close()
  }
  try {
    const { proxy } = await gateway.start()
    return { gateway, url: proxy, close }
  } catch (error) {
    await close()
    throw error
  }
}
