/** Rate limiting: admits a number of requests per period, counted by client, key, route or globally. */

import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  type Config, type GatewayApi, GatewayError, inPieces, type PluginConfig, type PolicyOptions, QuietPeriod, type Report, type Stop
} from '../../../src/index.ts'
import { checkCosts } from './check-costs.ts'
import { storeIdentity, takeCounts, type Counts } from './counts.ts'
import { createInstruments, noInstruments, type Instruments } from './instruments.ts'
import { describePolicy } from './describe-policy.ts'
import { limitedKeys, type ListBudget } from './limited-keys.ts'
import { createJudge, explain, takeFrom, takePlaces, takeShared, type Exempt, type Judge, type Judgement } from './limiter.ts'
import { checkRateLimit, RateLimitSchema, type RateLimitOptions, type StoreOptions } from './options.ts'
import { compilePlan, type Plan } from './plan.ts'
import { seconds } from './quota-fields.ts'
import type { ConnectionOptions, RedisConnection } from './redis-connection.ts'
import { SharedLimit } from './shared-limit.ts'

/** The options of the policy. */
export const config = {
  options: RateLimitSchema,
  checkOptions: (options: RateLimitOptions, report: Report) => checkRateLimit(options, report),
  check: (whole: Config, report: Report) => checkCosts(whole, report),
  claims: ({ key, tiers }: RateLimitOptions) => [key, tiers?.by ?? []].flat().some(text => text.startsWith('claim:')) ? 'used' : undefined
} satisfies PluginConfig

type Options = RateLimitOptions & PolicyOptions

/** Admits or rejects one request. */
type Limit = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void

/** A policy in report mode logs at most one line in so many milliseconds. */
const reportEvery = 1000

/** A policy that is listed in a thousand scopes is compiled once. */
async function rateLimiting (app: FastifyInstance, options: Options): Promise<void> {
  const { policy } = options
  app.addHook('onRequest', await app.gateway.once('rate-limiting', policy, async () => await createLimit(app, options)))
}

/** Describes a policy for `/limits` of the admin listener. */
type Describe = (budget: ListBudget) => Promise<object>

/** The most limited keys of one response, and the most keys that are looked at for it. */
const longestList: ListBudget = { keys: 100, rows: 100_000 }

/** What describes the policies of this generation. */
function describersOf ({ once, admin }: GatewayApi): Describe[] {
  return once('rate-limiting-describers', '', () => {
    const describers: Describe[] = []
    admin.get('/limits', async () => {
      const budget = { ...longestList }
      const shown: object[] = []
      for (const describe of describers) shown.push(await describe(budget))
      return shown
    })
    return describers
  })
}

async function createLimit (app: FastifyInstance, options: Options): Promise<Limit> {
  const { gateway } = app
  const plan = compilePlan(options.policy, options)
  const counts = takeCounts(gateway, options, plan.tiers)
  const connection = options.store === undefined ? undefined : await connect(app, options.policy, options.store)
  const keys = (): number => options.algorithm === 'concurrency' ? counts.concurrency.size : counts.entries.size
  const store = connection === undefined ? undefined : { up: () => connection.up, gateways: () => connection.gateways }
  const instruments = gateway.rehearsal ? noInstruments : createInstruments(app.metrics, options.policy, { keys, store })
  const countedIn = options.algorithm === 'concurrency' ? 'progress' : store === undefined ? 'memory' : 'store'
  describersOf(gateway).push(async budget => ({
    ...describePolicy(options, plan, keys(), connection),
    limited: await inPieces(limitedKeys(plan, counts, countedIn, budget, gateway.clock.now()))
  }))
  return createHook(app, options, plan, createJudge(plan, takerOf(gateway, options, counts, connection)), instruments)
}

function takerOf (gateway: GatewayApi, { algorithm, store }: Options, counts: Counts, connection: RedisConnection | undefined) {
  const now = (): number => gateway.clock.now()
  if (algorithm === 'concurrency') return takePlaces(counts)
  if (store === undefined || connection === undefined) return takeFrom(counts, now)
  const { timeout, lease, whenUnavailable } = store
  const { rehearsal } = gateway
  return takeShared(new SharedLimit({ connection, counts, now, timeout, lease, alone: whenUnavailable === 'local', rehearsal }), rehearsal)
}

function createHook (app: FastifyInstance, { policy, mode, store }: Options, plan: Plan, judge: Judge, instruments: Instruments): Limit {
  const { gateway } = app
  const unasked = gateway.rehearsal && store !== undefined && mode === 'enforce'
  const report = createReport(app, policy)
  const reached = new QuietPeriod()

  function conclude (judged: Judgement | Exempt, request: FastifyRequest, reply: FastifyReply): GatewayError | undefined {
    const { decisions } = request.exchange
    if ('exempt' in judged) {
      instruments.count('exempt')
      decisions?.push({ by: policy, verdict: 'exempt', why: judged.exempt })
      return undefined
    }
    const { verdict, tier, by, release } = judged
    if (by !== undefined) instruments.decided(by)
    if (unasked) {
      decisions?.push({ by: policy, verdict: 'unknown', why: `${explain(judged)}; the store decides, and is not asked in a rehearsal` })
      return undefined
    }
    if (release !== undefined) request.exchange.onClose(release)
    if (verdict !== undefined) tier.writeQuota(reply, verdict.windows)
    const refused = verdict?.allowed !== true
    const outcome = !refused ? 'allowed' : mode === 'report' ? 'reported' : verdict === undefined ? 'unavailable' : 'refused'
    instruments.count(outcome)
    decisions?.push({
      by: policy,
      verdict: outcome,
      why: outcome === 'reported' ? `would be refused: ${explain(judged)}` : explain(judged)
    })
    if (outcome === 'reported') report(request, judged)
    if (outcome === 'refused' && reached.isFirst(gateway.clock.now())) {
      gateway.events.emit({ type: 'limit-reached', limit: 'rate', policy, route: request.exchange.route?.name })
    }
    if (!refused || mode === 'report') return undefined
    request.exchange.refusedBy = policy
    return refusal(judged)
  }

  return (request, reply, done) => {
    const { claimsUnknown, decisions } = request.exchange
    if (claimsUnknown && plan.readsClaims) {
      decisions?.push({ by: policy, verdict: 'unknown', why: 'the claims of the client are not known' })
      done()
      return
    }
    const judged = judge(request.exchange)
    if (!(judged instanceof Promise)) {
      done(conclude(judged, request, reply))
      return
    }
    void concludeLater(judged, request, reply, done)
  }

  async function concludeLater (judged: Promise<Judgement>, ...[request, reply, done]: Parameters<Limit>): Promise<void> {
    done(conclude(await judged, request, reply))
  }
}

function refusal ({ verdict, tier }: Judgement): GatewayError {
  if (verdict === undefined) return new GatewayError('limiter-unavailable', { headers: { 'retry-after': '1' } })
  const { retryAfter, windows } = verdict
  return new GatewayError('rate-limited', {
    headers: { 'retry-after': String(Number.isFinite(retryAfter) ? seconds(retryAfter) : 1) },
    // Member of draft-ietf-httpapi-ratelimit-headers for problem documents.
    members: { 'violated-policies': tier.promised.filter((_promised, index) => windows[index]!.wait > 0).map(({ name }) => name) }
  })
}

/** Logs what a policy in report mode would have rejected, and how often since the last line. */
function createReport ({ gateway }: FastifyInstance, policy: string): (request: FastifyRequest, judged: Judgement) => void {
  let nextAt = -Infinity
  let count = 0
  return (request, judged) => {
    const now = gateway.clock.now()
    count++
    if (now < nextAt) return
    request.log.info({ policy, route: request.exchange.route?.name, why: explain(judged), count }, 'rate limit would refuse')
    nextAt = now + reportEvery
    count = 0
  }
}

/** The connection to a policy's Redis, one for all policies that name the same. A rehearsal never opens one. */
async function connect (app: FastifyInstance, policy: string, store: StoreOptions): Promise<RedisConnection> {
  const { gateway } = app
  // The Redis client is loaded only where a store is configured.
  const { RedisConnection } = await import('./redis-connection.ts')
  const identity = { kind: 'rate-limiting-redis', key: storeIdentity(store) }
  const connection = gateway.resource({ ...identity, create: () => new RedisConnection(connectionOptions(store, gateway)) })
  gateway.task({ ...identity, start: connecting(connection) })
  if (gateway.rehearsal) return connection
  const silence = connection.listen(error => {
    const instead = store.whenUnavailable === 'local' ? 'each gateway keeps its share' : 'requests are refused'
    if (error === undefined) gateway.events.emit({ type: 'limit-store-available', policy, gateways: connection.gateways })
    else gateway.events.emit({ type: 'limit-store-unavailable', policy, instead }, error)
  })
  app.addHook('onClose', (_app, done) => {
    silence()
    done()
  })
  gateway.waitFor(`the store of ${policy}`, connection.tried)
  return connection
}

/** It refers to no generation. */
function connecting (connection: RedisConnection): () => Stop {
  return () => {
    void connection.open()
    return () => connection.close()
  }
}

function connectionOptions ({ redis, prefix }: StoreOptions, { names, clock, random }: GatewayApi): ConnectionOptions {
  return { url: redis, prefix, names, id: randomUUID(), now: () => clock.now(), random }
}

export default fp(rateLimiting, { name: 'rate-limiting', fastify: '5.x', dependencies: ['metrics'] })
