/** Rate limiting: admits a number of requests per period, counted by client, key, route or globally. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  type Config, GatewayError, inPieces, type PluginConfig, type PolicyOptions, type Report, sharedQuietPeriod
} from '../../../src/index.ts'
import { checkCosts } from './check-costs.ts'
import { countingOf } from './counting.ts'
import { createInstruments, noInstruments, type Instruments } from './instruments.ts'
import { describePolicy } from './describe-policy.ts'
import { shownPolicies } from './limit-routes.ts'
import { limitedKeys } from './limited-keys.ts'
import { createJudge, explain, type Exempt, type Judge, type Judgement } from './limiter.ts'
import { checkRateLimit, RateLimitSchema, type RateLimitOptions, type StoreOptions } from './options.ts'
import { compilePlan, type Plan } from './plan.ts'
import { seconds } from './quota-fields.ts'
import type { RedisConnection } from './redis-connection.ts'
import { createReportLines } from './report-lines.ts'
import { takeConnection, tellOfStore } from './store.ts'

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

/** A policy that is listed in a thousand scopes is compiled once. */
async function rateLimiting (app: FastifyInstance, options: Options): Promise<void> {
  const { policy } = options
  app.addHook('onRequest', await app.gateway.once('rate-limiting', policy, async () => await createLimit(app, options)))
}

async function createLimit (app: FastifyInstance, options: Options): Promise<Limit> {
  const { gateway } = app
  const { policy, store } = options
  const plan = compilePlan(policy, options)
  const connection = store === undefined ? undefined : await takeConnection(gateway, policy, store)
  const counting = countingOf(gateway, options, plan, connection)
  const observed = connection === undefined ? undefined : { up: () => connection.up, gateways: () => connection.gateways }
  const instruments = gateway.rehearsal ? noInstruments : createInstruments(app.metrics, policy, { keys: counting.keys, store: observed })
  if (store !== undefined && connection !== undefined && !gateway.rehearsal) tellUntilClosed(app, policy, store, connection)
  shownPolicies(gateway).push({
    policy,
    describe: async budget => ({
      ...describePolicy(options, plan, counting.keys(), connection),
      limited: await inPieces(limitedKeys(plan, await counting.states(), budget))
    }),
    reset: counting.reset
  })
  return createHook(app, options, plan, createJudge(plan, counting.take), instruments)
}

function createHook (app: FastifyInstance, { policy, mode, store }: Options, plan: Plan, judge: Judge, instruments: Instruments): Limit {
  const { gateway } = app
  const unasked = gateway.rehearsal && store !== undefined && mode === 'enforce'
  const report = createReport(app, policy)
  const reached = sharedQuietPeriod(gateway, { kind: 'rate-limiting-reached', key: policy })

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
  const lineOf = createReportLines(gateway, policy)
  return (request, judged) => {
    const count = lineOf(gateway.clock.now())
    if (count === undefined) return
    request.log.info({ policy, route: request.exchange.route?.name, why: explain(judged), count }, 'rate limit would refuse')
  }
}

/** Tells of the store in this generation. */
function tellUntilClosed (app: FastifyInstance, policy: string, store: StoreOptions, connection: RedisConnection): void {
  const end = tellOfStore(app.gateway, policy, store, connection)
  app.addHook('onClose', (_app, done) => {
    end()
    done()
  })
}

export default fp(rateLimiting, { name: 'rate-limiting', fastify: '5.x', dependencies: ['metrics'] })
