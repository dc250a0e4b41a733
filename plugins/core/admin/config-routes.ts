/** `GET /config`: the effective configuration without secrets; `?format=yaml` as it would be written. */

import { type GatewayApi, GatewayError } from '../../../src/index.ts'

/** The media type of YAML (RFC 9512). */
export const yamlType = 'application/yaml; charset=utf-8'

export function addConfigRoutes ({ admin, control }: GatewayApi): void {
  admin.get('/config', async ({ query }, reply) => {
    const { format = 'json' } = query as { readonly format?: unknown }
    if (format === 'json') return control.effectiveConfig()
    if (format !== 'yaml') throw new GatewayError('bad-request', { detail: '`format` must be json or yaml' })
    const { history } = control
    const effective = await history.effective(history.serving!.number)
    return reply.type(yamlType).send(await effective!.yaml())
  })
}
