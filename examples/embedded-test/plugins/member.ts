/** Rejects requests without a header field. */

import { GatewayError, Type, type FastifyInstance, type PluginConfig, type Static } from 'onedoor'

const Options = Type.Object({
  header: Type.String({ default: 'x-member', description: 'Header field that a request must have.' })
}, { additionalProperties: false })

export const config = { options: Options } satisfies PluginConfig

export default async function member (app: FastifyInstance, { header }: Static<typeof Options>): Promise<void> {
  app.addHook('onRequest', (request, _reply, done) => {
    done(request.headers[header] === undefined ? new GatewayError('forbidden', { detail: `send the header ${header}` }) : undefined)
  })
}
