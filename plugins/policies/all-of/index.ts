/** Authentication by several policies at once: a request that all of them let in is let in. */

import fp from 'fastify-plugin'
import Type, { type Static } from 'typebox'
import { allOf, authentication, type AuthenticatorFactory, type NamedAuthenticator, type PluginConfig } from '../../../src/index.ts'

const Options = Type.Object({
  policies: Type.Array(Type.String(), {
    minItems: 2,
    uniqueItems: true,
    description: 'Names of authentication policies, asked in this order until one refuses. Where two know the same claim the earlier ' +
      'one counts.',
    examples: [['login', 'machines']]
  })
}, { additionalProperties: false })

type AllOfPolicies = Static<typeof Options>

export const config = {
  options: Options,
  uses: ({ policies }: AllOfPolicies) => policies.map((name, index) => ({ pointer: `/policies/${index}`, name })),
  /** Nobody comes in past any of them, so one that asks will do. */
  authenticates: ({ policies }: AllOfPolicies, others: (name: string) => boolean) => policies.some(others)
} satisfies PluginConfig

export const authenticator: AuthenticatorFactory<AllOfPolicies> = async (app, { policies }) => {
  const named: NamedAuthenticator[] = []
  for (const policy of policies) named.push({ policy, judge: await app.gateway.authenticator(app, policy) })
  return allOf(named)
}

export default fp(authentication(authenticator), { name: 'all-of', fastify: '5.x' })
