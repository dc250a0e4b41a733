/** Authentication by one of several policies: admits a request that any of them admits. */

import fp from 'fastify-plugin'
import Type, { type Static } from '#typebox'
import { anyOf, authentication, type AuthenticatorFactory, type NamedAuthenticator, type PluginConfig } from '../../../src/index.ts'

const Options = Type.Object({
  policies: Type.Array(Type.String(), {
    minItems: 2,
    uniqueItems: true,
    description: 'Names of authentication policies, called in this order until one admits the request.',
    examples: [['login', 'machines']]
  })
}, { additionalProperties: false })

type AnyOfPolicies = Static<typeof Options>

export const config = {
  options: Options,
  uses: ({ policies }: AnyOfPolicies) => policies.map((name, index) => ({ pointer: `/policies/${index}`, name })),
  /** A request may be admitted by any of them, so all must authenticate. */
  authenticates: ({ policies }: AnyOfPolicies, others: (name: string) => boolean) => policies.every(others)
} satisfies PluginConfig

export const authenticator: AuthenticatorFactory<AnyOfPolicies> = async (app, { policies }) => {
  const named: NamedAuthenticator[] = []
  for (const policy of policies) named.push({ policy, judge: await app.gateway.authenticator(app, policy) })
  return anyOf(named)
}

export default fp(authentication(authenticator), { name: 'any-of', fastify: '5.x' })
