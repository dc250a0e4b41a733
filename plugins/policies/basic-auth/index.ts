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
import {
  BasicAuthOptionsSchema, checkBasicAuthOptions, checkUsers, UserFileSchema, type BasicAuthOptions, type WrittenUsers
} from './options.ts'
import { Semaphore } from './semaphore.ts'
import { UserTable, type KnownUser } from './user-table.ts'

/** The options of the policy. */
export const config = {
  options: BasicAuthOptionsSchema,
  checkOptions: checkBasicAuthOptions,
  sets: ({ identityHeaders }: BasicAuthOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/**
 * For all policies together. Hashing uses at most two of Node's four worker threads, so file and DNS access goes on
 * during an attack. A full queue is hashed within seconds, and one client alone cannot fill it.
 */
const limits = { atOnce: 2, waiting: 40, each: 10 }

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
type Pending = Map<string, Promise<KnownUser | undefined>>

/** Creates the function that checks the user and password of a request. */
export const authenticator: AuthenticatorFactory<BasicAuthOptions> = (app, options) => {
  const { clock, config: { server }, resource } = app.gateway
  const { forwardCredential } = options
  const users = takeUsers(app, options)
  const turns = resource({ kind: 'basic-auth-turns', key: '', create: () => new Semaphore(limits) })
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

    const table = users.current
    const digest = table.digest(found.field)
    const remembered = table.remembered(digest, clock.now())
    if (remembered !== undefined) return remembered === 'wrong' ? wrong() : enter(remembered)
    const underway = pending.get(digest)
    if (underway !== undefined) return underway.then(enter)

    const judged = turns.take(clientNetwork(exchange.clientIp), async () => await table.judge(found.user, found.password))
    if (judged === undefined) return overloaded()
    const settled = judged.then(user => {
      table.remember(digest, user, clock.now())
      return user
    }).finally(() => pending.delete(digest))
    pending.set(digest, settled)
    return settled.then(enter)
  }
}

export default fp(authentication(authenticator), { name: 'basic-auth', fastify: '5.x' })
