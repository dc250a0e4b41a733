/** What the type checker accepts as a plugin and what it refuses. Only checked, never run. */

import fp from 'fastify-plugin'
import {
  Duration, GatewayError, Type, type Balancer, type BalancerFactory, type FastifyInstance, type Gate, type PluginConfig,
  type PluginModule, type PolicyOptions, type Static
} from 'onedoor'
import * as businessHours from '../../examples/custom-plugin/plugins/business-hours.ts'
import * as firstOpen from '../../examples/custom-plugin/plugins/first-open.ts'
import * as stamp from '../../examples/custom-plugin/plugins/stamp.ts'
import * as jwtAuth from '../../plugins/policies/jwt-auth/index.ts'

// A user's plugin and a built-in one have the same shape.
export const modules = [stamp, businessHours, firstOpen, jwtAuth] satisfies PluginModule[]

const Options = Type.Object({ pause: Duration({ default: '1s' }), words: Type.Array(Type.String()) }, { additionalProperties: false })
export const config = { options: Options, upstream: { pause: Type.Optional(Duration()) } } satisfies PluginConfig

export async function policy (app: FastifyInstance, options: Static<typeof Options> & PolicyOptions): Promise<void> {
  const pause: number = options.pause
  const name: string = options.policy
  // @ts-expect-error: a duration is milliseconds by the time a plugin sees it
  const text: string = options.pause
  // @ts-expect-error: there is no such option
  const missing: unknown = options.missing
  // @ts-expect-error: the configuration is not a plugin's to change
  app.gateway.config.routes = []
  app.addHook('onRequest', (request, _reply, done) => {
    request.exchange.decisions?.push({ by: name, verdict: 'allowed', why: `${pause} ${text} ${String(missing)}` })
    // @ts-expect-error: outside rehearsals nothing collects decisions
    request.exchange.decisions.push({ by: name, verdict: 'allowed', why: '' })
    // @ts-expect-error: a decision says why
    request.exchange.decisions?.push({ by: name, verdict: 'allowed' })
    const subject: unknown = request.claims?.['sub']
    // @ts-expect-error: claims are shared by requests with one token
    if (request.claims !== null) request.claims['sub'] = subject
    // @ts-expect-error: before an authentication policy there are none
    void request.claims['sub']
    done(new GatewayError('forbidden'))
  })
}
export const wrapped = { default: fp(policy, { name: 'policy', fastify: '5.x' }), config } satisfies PluginModule

// @ts-expect-error: a module needs a default export
export const nothing = { config } satisfies PluginModule
// @ts-expect-error: the default export is a function
export const notAPlugin = { default: { options: Options } } satisfies PluginModule
// @ts-expect-error: a policy's options are an object
export const looseOptions = { options: Type.String() } satisfies PluginConfig
// @ts-expect-error: there is no such part of the file
export const unknownPart = { upstreams: {} } satisfies PluginConfig
// @ts-expect-error: not one of the codes
export const unknownReason = new GatewayError('forbiden')

export const gate = { name: 'mine', permits: () => true, describe: () => ({ state: 'open' }) } satisfies Gate
// @ts-expect-error: a gate must be able to say what it is like
export const speechless = { name: 'mine', permits: () => true } satisfies Gate
export const balancer: BalancerFactory = ({ random }) => ({ pick: open => open[Math.floor(random() * open.length)]! })
// @ts-expect-error: a balancer picks synchronously
export const slow: Balancer = { pick: async open => open[0]! }
