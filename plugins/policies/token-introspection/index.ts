/** Token introspection (RFC 7662): asks the issuer about every bearer token, and caches the results. */

import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import {
  authentication, type AuthenticatorFactory, type GatewayApi, identityFieldNames, type PluginConfig, ServiceClient,
  tokenAuthenticator, type TokenVerifier
} from '../../../src/index.ts'
import { endpointFinder } from './endpoint.ts'
import { readAnswer, whyNot } from './judge.ts'
import { checkIntrospectionOptions, IntrospectionOptionsSchema, type IntrospectionOptions } from './options.ts'
import { compileQuestion } from './introspection-request.ts'

/** The options of the policy. */
export const config = {
  options: IntrospectionOptionsSchema,
  checkOptions: checkIntrospectionOptions,
  sets: ({ identityHeaders }: IntrospectionOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/** The most bytes of an introspection response, which is usually short. */
const longestAnswer = 256 * 1024

function createVerifier (options: IntrospectionOptions, { clock, names }: GatewayApi): TokenVerifier {
  const client = new ServiceClient({ names, timeout: options.timeout, limit: longestAnswer, ca: options.ca })
  const find = endpointFinder(options, client, () => clock.now())
  const question = compileQuestion(options.client)
  return {
    async verify (token) {
      const { url, issuer } = await find()
      const answer = readAnswer(await client.ask(question(token, { endpoint: url, issuer, wall: clock.wall(), id: randomUUID() })))
      return whyNot(answer, options) ?? answer
    },
    close: async () => await client.close()
  }
}

/** Creates the function that checks the bearer token of a request. */
export const authenticator: AuthenticatorFactory<IntrospectionOptions> = (app, options) =>
  tokenAuthenticator(app, options, { kind: 'token-introspection', create: () => createVerifier(options, app.gateway) })

export default fp(authentication(authenticator), { name: 'token-introspection', fastify: '5.x' })
