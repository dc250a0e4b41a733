/** Basic authentication (RFC 7617): admits requests with the name and password of a user. */

import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  authentication, type AuthenticatorFactory, clientNetwork, compileIdentityHeaders, type FileContent,
  GatewayError, identityFieldNames, type PluginConfig, type PolicyOptions, refuse, type Refused, takeWatchedFile,
  type Verdict
} from '../../../src/index.ts'
import { readBasic } from './credential.ts'
import { takeHashing } from './hashing.ts'
import {
  BasicAuthOptionsSchema, checkBasicAuthOptions, checkUsers, UserFileSchema, type BasicAuthOptions, type WrittenUsers
} from './options.ts'
import { UserTable, type Judged, type KnownUser } from './user-table.ts'

/** The options of the policy. */
export const config = {
  options: BasicAuthOptionsSchema,
  checkOptions: checkBasicAuthOptions,
  sets: ({ identityHeaders }: BasicAuthOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

function contentOf (
  cache: BasicAuthOptions['cache'],
  identify: ReturnType<typeof compileIdentityHeaders>
): FileContent<{ readonly users: WrittenUsers }, UserTable> {
  return {
    schema: UserFileSchema,
    check: ({ users }, report) => checkUsers(users, report),
    compile: ({ users }) => new UserTable(users, { ...cache, identify })
  }
}

function takeUsers (
  app: FastifyInstance,
  { policy, users, file, cache, identityHeaders }: BasicAuthOptions & PolicyOptions
): { readonly current: UserTable } {
  const identify = compileIdentityHeaders(identityHeaders)
  const content = contentOf(cache, identify)
  if (file !== undefined) return takeWatchedFile(app, { kind: 'basic-auth', policy, file, options: { cache, identityHeaders }, ...content })
  return app.gateway.resource<{ readonly current: UserTable }>({
    kind: 'basic-auth',
    key: policy,
    // A digest, because state identities are not secret.
    options: hash('sha256', JSON.stringify([users, cache, identityHeaders]), 'base64'),
    create: () => ({ current: content.compile({ users: users! }) })
  })
}

/** Checks in progress by credential, so that concurrent requests with the same credential share one. */
type Pending = Map<string, Promise<Judged | undefined>>

/** Creates the function that checks the user and password of a request. */
export const authenticator: AuthenticatorFactory<BasicAuthOptions> = (app, options) => {
  const { clock, config: { server } } = app.gateway
  const { forwardCredential } = options
  const users = takeUsers(app, options)
  const hash = takeHashing(app.gateway)
  const pending: Pending = new Map()

  const challenge = { 'www-authenticate': `Basic realm="${server.name}", charset="UTF-8"` }
  const refusal = (code: 'missing-token' | 'invalid-token', why: string): Refused =>
    refuse(new GatewayError(code, { headers: challenge, cause: new Error(why) }), why, code === 'invalid-token')
  const wrong = (): Refused => refusal('invalid-token', 'unknown user or wrong password')
  const overloaded = (): Refused => {
    const why = 'too many passwords are waiting to be hashed'
    return refuse(new GatewayError('overloaded', { headers: { 'retry-after': '1' }, cause: new Error(why) }), why, true)
  }

  return ({ exchange }) => {
    const { fields } = exchange
    const found = readBasic(fields)
    if (found.kind === 'missing') return refusal('missing-token', 'no user and password')
    if (found.kind === 'malformed') return refusal('invalid-token', found.why)
    const enter = (user: KnownUser | undefined): Verdict => {
      if (user === undefined) return wrong()
      if (!forwardCredential) fields.drop('authorization')
      return user.verdict
    }

    const conclude = (judged: Judged | undefined): Verdict => judged === undefined ? overloaded() : enter(judged.user)

    const table = users.current
    const digest = table.digest(found.field)
    const remembered = table.remembered(digest, clock.now())
    if (remembered !== undefined) return remembered === 'wrong' ? wrong() : enter(remembered)
    const underway = pending.get(digest)
    if (underway !== undefined) return underway.then(conclude)

    const client = clientNetwork(exchange.clientIp)
    const judging = table.judge(found.user, found.password, (password, like) => hash(client, password, like))
    if (judging === undefined) return overloaded()
    const settled = judging.then(judged => {
      if (judged !== undefined) table.remember(digest, judged.user, clock.now())
      return judged
    }).finally(() => pending.delete(digest))
    pending.set(digest, settled)
    return settled.then(conclude)
  }
}

export default fp(authentication(authenticator), { name: 'basic-auth', fastify: '5.x' })
