/** A small app with the real error answers behind a jwt-auth policy: what a generation is to it, without files, upstreams or a port. */

import assert from 'node:assert/strict'
import fastify, { type FastifyInstance } from 'fastify'
import type { Static } from '#typebox'
import type { Decision } from '../../src/contract/exchange.ts'
import type { ReleasableHolder } from '../../src/contract/holder.ts'
import * as errorHandling from '../../plugins/core/error-handling/index.ts'
import jwtAuth, { config as jwtConfig } from '../../plugins/policies/jwt-auth/index.ts'
import { validate } from '../../src/config/check/validate.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { defaultConfig } from '../helpers/config.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { localClient } from '../helpers/local-client.ts'

/** Milliseconds since 1970 of the clock in these tests. */
export const wall = 1_800_000_000_000

/** The options of a policy after validation. */
export type JwtOptions = Static<typeof jwtConfig.options>

/** Options as the policy gets them, from options as the file has them. */
export function jwtOptions (written: object): JwtOptions {
  const { value, problems } = validate(jwtConfig.options, written)
  assert.deepEqual(problems, [])
  return value as JwtOptions
}

/** Closes what was opened: a test's context, or whatever lives as long. */
export interface Lifetime { after (close: () => Promise<void>): unknown }

/** What one app has. */
export interface TestApp {
  readonly app: FastifyInstance
  /** What was logged, one text a line. */
  readonly log: string[]
  readonly decisions: Decision[]
}

/** What may be set about the app. */
export interface DoorOptions {
  readonly holder?: ReleasableHolder
  /** Milliseconds since 1970; it stands still unless this moves. */
  readonly time?: { now: number }
  readonly rehearsal?: boolean
}

/** An app without policies whose every response is still to be defined. */
export async function openApp (t: Lifetime, options: DoorOptions = {}): Promise<TestApp> {
  const { holder = new Holdings().hold(), time = { now: wall }, rehearsal = false } = options
  const log: string[] = []
  const decisions: Decision[] = []
  const app = fastify({ logger: { level: 'debug', stream: { write: line => void log.push(line) } } })
  t.after(async () => {
    await app.close()
    await holder.release()
  })
  const config = defaultConfig()
  const clock = { now: () => time.now, wall: () => time.now }
  app.decorate(
    'gateway',
    {
      clock,
      random: () => 0.5,
      ...holder,
      rehearsal,
      config: { ...config, server: { ...config.server, name: 'door' } },
      onClosed: () => {}
    } as never
  )
  app.decorateRequest('claims', null)
  app.decorateRequest('exchange', null as never)
  app.addHook('onRequest', (request, _reply, done) => {
    const exchange = new HttpExchange(request.raw, clock.now(), localClient, '127.0.0.1')
    exchange.decisions = rehearsal ? decisions : undefined
    Object.assign(request, { exchange })
    done()
  })
  await app.register(errorHandling.default)
  return { app, log, decisions }
}

/** An app whose `GET /` answers with the verified claims and the credential that would be forwarded, behind the policy `login`. */
export async function openDoor (t: Lifetime, written: object, options: DoorOptions = {}): Promise<TestApp> {
  const door = await openApp(t, options)
  await door.app.register(jwtAuth, { ...jwtOptions(written), policy: 'login' })
  door.app.get(
    '/',
    request => ({
      claims: request.claims,
      authorization: request.headers.authorization ?? null,
      cookie: request.headers.cookie ?? null,
      raw: request.raw.rawHeaders.includes('authorization')
    })
  )
  return door
}
