/** `GET /routes`: all routes, or those of one name; `?name=NAME&format=yaml` as they would be written. */

import { type GatewayApi, GatewayError } from '../../../src/index.ts'
import { yamlType } from './config-routes.ts'
import { describeRoutes } from './state.ts'

export function addRouteRoutes (gateway: GatewayApi): void {
  const { admin, control, routes } = gateway
  admin.get('/routes', async ({ query }, reply) => {
    const { name, format = 'json' } = query as { readonly name?: unknown, readonly format?: unknown }
    if (format === 'json') return describeRoutes(gateway, name)
    if (format !== 'yaml') throw new GatewayError('bad-request', { detail: '`format` must be json or yaml' })
    const indexes = routes.filter(route => route.name === name).map(({ index }) => index)
    if (indexes.length === 0) throw new GatewayError('not-found', { detail: 'the configuration has no route of this `name`' })
    const { history } = control
    const effective = await history.effective(history.serving!.number)
    const all = effective!.value['routes'] as readonly object[]
    return reply.type(yamlType).send(await effective!.yaml({ routes: indexes.map(index => all[index]) }))
  })
}
