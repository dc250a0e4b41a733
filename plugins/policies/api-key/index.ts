/** API keys: admits requests with a key of the list, and provides the consumer that the key belongs to. */

import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  authentication, type AuthenticatorFactory, compileIdentityHeaders, type Config, type FileContent, GatewayError,
  identityFieldNames, type PluginConfig, type PolicyOptions, readRedaction, refuse, type Refused, type Report,
  takeWatchedFile
} from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { inHeader, inQuery } from './credential.ts'
import { findKey, keyTable, type KeyTable } from './key-table.ts'
import { ApiKeyOptionsSchema, checkApiKeyOptions, checkKeys, KeyFileSchema, type ApiKeyOptions, type WrittenKey } from './options.ts'

/** The options of the policy. */
export const config = {
  options: ApiKeyOptionsSchema,
  checkOptions: checkApiKeyOptions,
  sets: ({ identityHeaders }: ApiKeyOptions) => identityFieldNames(identityHeaders),
  check: checkRedaction
} satisfies PluginConfig

/** A rejected request is logged with its original query. */
function checkRedaction ({ policies, logging }: Config, report: Report): void {
  const { parameters } = readRedaction(logging.redact)
  for (const [name, entry] of Object.entries(policies)) {
    const { plugin, query } = entry as typeof entry & { readonly query?: unknown }
    if (plugin !== 'api-key' || typeof query !== 'string' || parameters.has(query.toLowerCase())) continue
    report({
      pointer: child(child('/policies', name), 'query'),
      message: `the log would show the keys in "${query}"`,
      hint: `logging: { redact: ["query:${query}"] }`
    })
  }
}

function contentOf (identify: ReturnType<typeof compileIdentityHeaders>): FileContent<{ readonly keys: readonly WrittenKey[] }, KeyTable> {
  return {
    schema: KeyFileSchema,
    check: ({ keys }, report) => checkKeys(keys, report),
    compile: ({ keys }) => keyTable(keys, identify)
  }
}

function takeKeys (
  app: FastifyInstance,
  { policy, keys, file, identityHeaders }: ApiKeyOptions & PolicyOptions
): { readonly current: KeyTable } {
  const identify = compileIdentityHeaders(identityHeaders)
  if (file !== undefined) {
    return takeWatchedFile(app, { kind: 'api-key', policy, file, options: { identityHeaders }, ...contentOf(identify) })
  }
  return app.gateway.resource<{ readonly current: KeyTable }>({
    kind: 'api-key',
    key: policy,
    // A digest, because a million keys would make a long identity.
    options: hash('sha256', JSON.stringify([keys, identityHeaders]), 'base64'),
    create: () => ({ current: keyTable(keys!, identify) })
  })
}

/** Creates the function that checks the key of a request. */
export const authenticator: AuthenticatorFactory<ApiKeyOptions> = (app, options) => {
  const { clock, config: { server } } = app.gateway
  const { header, query, forwardKey } = options
  const credential = query === undefined ? inHeader(header ?? 'x-api-key') : inQuery(query)
  const keys = takeKeys(app, options)

  const challenge = {
    'www-authenticate': `ApiKey realm="${server.name}", ${query === undefined ? 'header' : 'query'}="${query ?? header ?? 'x-api-key'}"`
  }
  const refusal = (code: 'missing-token' | 'invalid-token', why: string): Refused =>
    refuse(new GatewayError(code, { headers: challenge, cause: new Error(why) }), why, code === 'invalid-token')

  return ({ exchange }) => {
    const found = credential.read(exchange)
    if (found.kind === 'missing') return refusal('missing-token', `no key in ${credential.place}`)
    if (found.kind === 'malformed') return refusal('invalid-token', found.why)
    const known = findKey(keys.current, found.key)
    if (known === undefined) return refusal('invalid-token', 'unknown key')
    if (clock.wall() >= known.until) return refusal('invalid-token', `key of ${known.consumer} has expired`)
    if (!forwardKey) credential.drop(exchange)
    return known.verdict
  }
}

export default fp(authentication(authenticator), { name: 'api-key', fastify: '5.x' })
