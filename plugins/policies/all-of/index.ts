/** Authentication by several policies at once: admits a request that all of them admit. */

import fp from 'fastify-plugin'
import Type, { type Static } from '#typebox'
import { allOf, authentication, type AuthenticatorFactory, type NamedAuthenticator, type PluginConfig } from '../../../src/index.ts'

const Options = Type.Object({
  policies: Type.Array(Type.String(), {
    minItems: 2,
    uniqueItems: true,
    description: 'Names of authentication policies, called in this order until one rejects the request. Where two provide the same ' +
      'claim, the earlier one counts.',
    examples: [['login', 'machines']]
  })
}, { additionalProperties: false })

type AllOfPolicies = Static<typeof Options>

export const config = {
  options: Options,
  uses: ({ policies }: AllOfPolicies) => policies.map((name, index) => ({ pointer: `/policies/${index}`, name })),
  /** A request has to pass all of them, so it is enough that one authenticates. */
  authenticates: ({ policies }: AllOfPolicies, others: (name: string) => boolean) => policies.some(others)
} satisfies PluginConfig

export const authenticator: AuthenticatorFactory<AllOfPolicies> = async (app, { policies }) => {
  const named: NamedAuthenticator[] = []
  for (const policy of policies) named.push({ policy, judge: await app.gateway.authenticator(app, policy) })
  return allOf(named)
}

export default fp(authentication(authenticator), { name: 'all-of', fastify: '5.x' })
