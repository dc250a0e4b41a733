/** What happened to one exchange, in sentences. */

import type { PolicyVerdict } from './requests-policies.ts'
import type { AttemptView, RequestView } from './requests-view.ts'

const kinds = { first: 'The first attempt', retry: 'A retry', hedge: 'A hedge', fallback: 'The attempt at the fallback' } as const

/** The sentences, in the order of what happened. @param policies those on the way of the exchange */
export function wordsOf (request: RequestView, policies: readonly PolicyVerdict[] = []): string[] {
  const { attempts, attemptsLeftOut } = request
  const tries = attempts.map((attempt, index) => wordsOfAttempt(attempt, attempts[index - 1], request.durationMs))
  if (attemptsLeftOut !== undefined) tries.splice(-1, 0, `${attemptsLeftOut} further attempts are not kept.`)
  return [arrival(request), ...passage(policies), ...refusal(request), ...tries, end(request)]
}

function arrival ({ method = 'A request', path, clientIp, protocol, route }: RequestView): string {
  const asked = path === undefined ? method : `${method} ${path}`
  const from = clientIp === undefined || clientIp === '' ? '' : ` from ${clientIp}`
  return `${asked} came${from} over ${protocol}${route === undefined ? ' and has no route' : ` and matched the route ${route}`}.`
}

function passage (policies: readonly PolicyVerdict[]): string[] {
  const names = policies.filter(({ verdict }) => verdict === 'passed').map(({ name }) => name)
  return names.length === 0 ? [] : [`It passed the ${names.length === 1 ? 'policy' : 'policies'} ${enumeration.format(names)}.`]
}

const enumeration = new Intl.ListFormat('en-GB')

function refusal ({ policy, reason }: RequestView): string[] {
  return policy === undefined ? [] : [`The policy ${policy} refused it${reason === undefined ? '' : `: ${reason}`}.`]
}

function wordsOfAttempt (attempt: AttemptView, before: AttemptView | undefined, durationMs: number): string {
  const { target, kind, started, answered, ended, status, failure } = attempt
  const pause = kind === 'retry' && before?.ended !== undefined && started > before.ended ? `, ${time(started - before.ended)} later,` : ''
  const who = `${kinds[kind]}${target === undefined ? '' : ` at ${target}`}${pause}`
  const until = (moment: number | undefined): string => `after ${time((moment ?? durationMs) - started)}`
  if (answered === undefined) return `${who} ${failure === undefined ? 'was given up' : 'failed'} ${until(ended)}${because(failure)}.`
  const said = `${who} answered${status === undefined ? '' : ` ${status}`} ${until(answered)}`
  return failure === undefined ? `${said}.` : `${said} and was cut ${until(ended)}${because(failure)}.`
}

function end ({ status, reason, fault, durationMs, attempts, policy }: RequestView): string {
  const after = `after ${time(durationMs)}`
  if (status === 499) return `The client got no response: the exchange ended ${after}${because(reason)}.`
  // Said already where a policy refused it.
  const why = reason === undefined || policy !== undefined ? '' : `${because(reason)}${fault === undefined ? '' : ` (fault: ${fault})`}`
  const by = attempts.length === 0 ? 'The gateway itself responded with' : 'The client got'
  return `${by} ${status}; the response ended ${after}${why}.`
}

function because (reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`
}

/** A time for people: three digits are enough. */
export function time (milliseconds: number): string {
  const digits = (value: number): string => String(Number(value.toPrecision(3)))
  return milliseconds < 1000 ? `${digits(Math.max(0, milliseconds))} ms` : `${digits(milliseconds / 1000)} s`
}
