/** Address filter: admits or rejects requests by the address of their client. */

import fp from 'fastify-plugin'
import Type, { type Static } from '#typebox'
import {
  authentication, type AuthenticatorFactory, compileTrust, GatewayError, type PluginConfig, refuse, type Refused,
  type Report
} from '../../../src/index.ts'
import { networkProblem } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'

const Networks = (
  description: string,
  examples: string[]
) => Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 10_000, description, examples: [examples] }))

const Options = Type.Object({
  allow: Networks(
    'Networks whose clients are let in, and no others: `10.0.0.0/8`, one address, `loopback`, `private`. Unset: all that are not in ' +
      '`deny`.',
    ['private', '203.0.113.0/24']
  ),
  deny: Networks('Networks whose clients are kept out, also where `allow` has them.', ['203.0.113.7'])
}, { additionalProperties: false })

type IpFilterOptions = Static<typeof Options>

/** The options of the policy. */
export const config = {
  options: Options,
  checkOptions: checkIpFilterOptions,
  /** A request that is merely not denied may come from anyone, so only `allow` counts as authentication. */
  authenticates: ({ allow }: IpFilterOptions) => allow !== undefined
} satisfies PluginConfig

function checkIpFilterOptions ({ allow, deny }: IpFilterOptions, report: Report): void {
  if (allow === undefined && deny === undefined) report({ pointer: '', message: 'needs networks: allow, deny or both' })
  for (const [key, networks] of Object.entries({ allow, deny })) {
    for (const [index, network] of (networks ?? []).entries()) {
      const message = networkProblem(network)
      if (message !== undefined) report({ pointer: child(`/${key}`, index), message })
    }
  }
}

/**
 * Creates the function that checks the address of a client: that of the connection, or the one that a proxy
 * of `server.trustProxy` reports.
 */
export const authenticator: AuthenticatorFactory<IpFilterOptions> = (_app, { allow, deny = [] }) => {
  const allowed = allow === undefined ? () => true : compileTrust(allow)
  const denied = compileTrust(deny)
  const refusal = (why: string): Refused => refuse(new GatewayError('forbidden', { cause: new Error(why) }), why, false)
  const admitted = { admitted: true as const, why: allow === undefined ? 'the address is not in deny' : 'the address is in allow' }

  return ({ exchange: { clientIp } }) => {
    if (denied(clientIp)) return refusal(`${clientIp} is in deny`)
    return allowed(clientIp) ? admitted : refusal(`${clientIp} is not in allow`)
  }
}

export default fp(authentication(authenticator), { name: 'ip-filter', fastify: '5.x' })
