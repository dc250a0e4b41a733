/** stamp: a policy that puts a header on every answer of the routes that list it, and asks the client for one. */

import { GatewayError, Type, type FastifyInstance, type PluginConfig, type PolicyOptions, type Static } from 'onedoor'

const Options = Type.Object({
  header: Type.String({
    pattern: '^[A-Za-z][A-Za-z0-9-]*$',
    expected: 'the name of a header',
    description: 'Header that every answer gets; its value is the name of the policy.'
  }),
  ask: Type.Optional(Type.String({ description: 'Header that a request must have; 403 without.' }))
}, { additionalProperties: false })

export const config = { options: Options } satisfies PluginConfig

export default async function stamp (app: FastifyInstance, { header, ask, policy }: Static<typeof Options> & PolicyOptions): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(header, policy)
    const refused = ask !== undefined && request.headers[ask.toLowerCase()] === undefined
    request.exchange.decisions?.push({
      by: policy,
      verdict: refused ? 'refused' : 'allowed',
      why: ask === undefined ? 'asks for nothing' : `wants the header ${ask}`
    })
    done(refused ? new GatewayError('forbidden', { detail: `send the header ${ask}` }) : undefined)
  })
}
