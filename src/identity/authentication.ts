/** Authentication policies: the Fastify plugin that acts on what an authenticator says about a request. */

import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import type { Admitted, Authenticator, AuthenticatorFactory, Refused, Verdict } from '../contract/authentication.ts'
import { GatewayError } from '../contract/errors.ts'
import type { CounterHandle } from '../contract/metrics.ts'
import type { PolicyOptions } from '../contract/policy.ts'
import { setUpstreamField } from '../exchange/exchange.ts'
import { unknownClaims } from './unknown.ts'

/** A {@link Refused}; the cause of the error, which only the log has, is `why`. */
export function refuse (error: GatewayError, why: string, presented: boolean): Refused {
  return { admitted: false, presented, error, why }
}

/** The Fastify plugin of an authentication policy: the default export beside `authenticator`. */
export function authentication<O> (create: AuthenticatorFactory<O>): FastifyPluginAsync<O & PolicyOptions> {
  return async (app, options) => {
    const judge = await create(app, options)
    const { policy } = options
    const count = decisionCounters(app, policy)
    app.addHook('onRequest', (request, _reply, done) => {
      const verdict = judge(request)
      if (verdict instanceof Promise) void actLater(request, verdict, done)
      else done(act(request, policy, verdict, count))
    })

    async function actLater (request: FastifyRequest, verdict: Promise<Verdict>, done: HookHandlerDoneFunction): Promise<void> {
      let refusal: Error | undefined
      try {
        refusal = act(request, policy, await verdict, count)
      } catch (error) {
        refusal = error as Error
      }
      done(refusal)
    }
  }
}

function act (request: FastifyRequest, policy: string, verdict: Verdict, count: Counters): GatewayError | undefined {
  const { exchange } = request
  if (!verdict.admitted) {
    exchange.refusedBy = policy
    exchange.decisions?.push({ by: policy, verdict: 'refused', why: verdict.why })
    ;(verdict.error.reason.fault === 'client' ? count.refused : count.unavailable).value++
    return verdict.error
  }
  const { claims, fields, responseFields, why, unknown } = verdict
  // Claims of an earlier policy take precedence.
  if (claims !== undefined) request.claims = request.claims === null ? claims : Object.freeze({ ...claims, ...request.claims })
  else if (unknown === true) {
    exchange.claimsUnknown = true
    request.claims = unknownClaims(request.claims)
  }
  if (fields !== undefined) for (let i = 0; i < fields.length; i += 2) setUpstreamField(exchange, fields[i]!, fields[i + 1]!)
  if (responseFields !== undefined) {
    for (let i = 0; i < responseFields.length; i += 2) void exchange.reply!.header(responseFields[i]!, responseFields[i + 1]!)
  }
  exchange.decisions?.push({ by: policy, verdict: unknown === true ? 'unknown' : 'allowed', why: textOf(why) })
  count.allowed.value++
  return undefined
}

type Counters = Readonly<Record<'allowed' | 'refused' | 'unavailable', CounterHandle>>

function decisionCounters (app: FastifyInstance, policy: string): Counters {
  const at = (decision: string): CounterHandle => app.gateway.rehearsal || !app.hasDecorator('metrics')
    ? { value: 0 }
    : app.metrics.seriesCounter(
      'gateway_auth_decisions_total',
      'Requests that an authentication policy judged, by what became of them.'
    ).at({ policy, decision })
  return { allowed: at('allowed'), refused: at('refused'), unavailable: at('unavailable') }
}

/** An authenticator with the name of its policy. */
export interface NamedAuthenticator {
  readonly policy: string
  readonly judge: Authenticator
}

/** Admits a request that one of several authenticators admits. They are asked in order. */
export function anyOf (alternatives: readonly NamedAuthenticator[]): Authenticator {
  const from = (request: FastifyRequest, start: number, refusals: Refused[]): Verdict | Promise<Verdict> => {
    for (let i = start; i < alternatives.length; i++) {
      const verdict = alternatives[i]!.judge(request)
      if (verdict instanceof Promise) {
        return verdict.then(settled => {
          if (settled.admitted) return explained(request, settled, alternatives, refusals)
          refusals.push(settled)
          return from(request, i + 1, refusals)
        })
      }
      if (verdict.admitted) return explained(request, verdict, alternatives, refusals)
      refusals.push(verdict)
    }
    return refuseAll(alternatives, refusals)
  }
  return request => from(request, 0, [])
}

/** For `explain`: which alternative it was, and why not those before it. */
function explained (
  { exchange }: FastifyRequest,
  verdict: Admitted,
  alternatives: readonly NamedAuthenticator[],
  refusals: readonly Refused[]
): Admitted {
  return exchange.decisions === undefined ? verdict : {
    ...verdict,
    why: [...refusals, verdict].map(({ why }, index) => `${alternatives[index]!.policy}: ${textOf(why)}`).join('; ')
  }
}

function textOf (why: Admitted['why']): string {
  return typeof why === 'string' ? why : why()
}

/** Admits a request that all authenticators admit. They are asked in order until one refuses. Claims of an earlier one take precedence. */
export function allOf (parts: readonly NamedAuthenticator[]): Authenticator {
  const from = (request: FastifyRequest, start: number, sum: Admitted): Verdict | Promise<Verdict> => {
    for (let i = start; i < parts.length; i++) {
      const { policy, judge } = parts[i]!
      const verdict = judge(request)
      if (verdict instanceof Promise) {
        return verdict.then(settled => settled.admitted ? from(request, i + 1, add(sum, settled, policy)) : named(settled, policy))
      }
      if (!verdict.admitted) return named(verdict, policy)
      sum = add(sum, verdict, policy)
    }
    return sum
  }
  return request => from(request, 0, { admitted: true, why: '' })
}

function named (refusal: Refused, policy: string): Refused {
  return { ...refusal, why: `${policy}: ${refusal.why}` }
}

function add (sum: Admitted, next: Admitted, policy: string): Admitted {
  const claims = sum.claims === undefined || next.claims === undefined
    ? sum.claims ?? next.claims
    : Object.freeze({ ...next.claims, ...sum.claims })
  const fields = joined(next.fields, sum.fields)
  const responseFields = joined(next.responseFields, sum.responseFields)
  return {
    admitted: true,
    why: () => [textOf(sum.why), `${policy}: ${textOf(next.why)}`].filter(text => text !== '').join('; '),
    ...(sum.unknown === true || next.unknown === true ? { unknown: true } : {}),
    ...(claims === undefined ? {} : { claims }),
    ...(fields === undefined ? {} : { fields }),
    ...(responseFields === undefined ? {} : { responseFields })
  }
}

/** Later fields replace earlier ones. */
function joined (before: readonly string[] | undefined, after: readonly string[] | undefined): readonly string[] | undefined {
  return before === undefined ? after : after === undefined ? before : [...before, ...after]
}

/** The refusal of the alternative that was tried; where none was, one that names all ways to try. */
function refuseAll (alternatives: readonly NamedAuthenticator[], refusals: readonly Refused[]): Refused {
  const why = refusals.map((refusal, index) => `${alternatives[index]!.policy}: ${refusal.why}`).join('; ')
  // A service that was unavailable might have admitted the request, so the client is told to retry.
  const told = refusals.find(({ error }) => error.reason.fault !== 'client') ??
    // A 403 for a known client comes before a 401, which would make it fetch a new token in vain.
    refusals.find(({ presented, error }) => presented && error.statusCode === 403) ??
    refusals.find(({ presented }) => presented) ??
    // A client without credentials gets a redirect to a login rather than a list of challenges.
    refusals.find(({ error }) => error.statusCode < 400)
  if (told !== undefined) return { ...told, why }
  const challenges = new Set(refusals.flatMap(({ error }) => error.headers?.['www-authenticate'] ?? []))
  if (challenges.size === 0) return { ...refusals[0]!, why }
  return refuse(
    new GatewayError('missing-token', { headers: { 'www-authenticate': [...challenges].join(', ') }, cause: new Error(why) }),
    why,
    false
  )
}
