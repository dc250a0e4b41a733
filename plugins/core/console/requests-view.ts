/** A kept exchange as it leaves its thread: plain data, without what must not be shown. Times are milliseconds from its beginning. */

import { grpcStatusName } from '../../../src/http/index.ts'
import type { AttemptKind } from '../../../src/index.ts'
import type { AttemptRecord, RequestRecord } from './requests-record.ts'
import { shown, type ShownFields, shownQuery } from './requests-shown.ts'

export interface AttemptView {
  readonly target?: string
  readonly kind: AttemptKind
  readonly started: number
  /** When the whole request had been sent. */
  readonly sent?: number
  /** When status line and headers of the response had arrived. */
  readonly answered?: number
  readonly ended?: number
  readonly status?: number
  /** Code of why there was no response, or why it was cut. */
  readonly failure?: string
}

export interface RequestView {
  readonly id: string
  /** When it began, milliseconds since 1970. */
  readonly time: number
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly protocol: string
  readonly route?: string
  readonly status: number
  readonly grpcStatus?: string
  readonly reason?: string
  readonly fault?: string
  readonly policy?: string
  readonly clientIp?: string
  readonly upstream?: string
  /** Where the last attempt went. */
  readonly target?: string
  readonly attempts: readonly AttemptView[]
  /** How many attempts between the last one and those before it are not kept. */
  readonly attemptsLeftOut?: number
  readonly bytesIn: number
  readonly bytesOut?: number
  readonly durationMs: number
  /** Until status line and headers of the upstream, of all attempts together; absent where not all are kept. */
  readonly upstreamMs?: number
  readonly traceId?: string
  readonly sampled: boolean
  readonly generation: number
  readonly thread?: number
}

/** Where records are looked at. */
export interface Viewer {
  /** Number of the thread, where there are several. */
  readonly thread: number | undefined
  /** What is added to monotonic milliseconds for those since 1970. */
  readonly epoch: number
}

/** @param rules what may be shown: the rules of the record, or stricter ones */
export function viewOf (record: RequestRecord, rules: ShownFields, { thread, epoch }: Viewer): RequestView {
  const { duration, endedAt, tried } = record
  const text = (field: string, value: string | undefined): string | undefined => shown(rules, field, value)
  const attempts = record.attempts.slice(0, tried)
  const withoutTries = rules.leftOut.has('tries') || rules.hidden.has('tries')
  const tries = withoutTries ? [] : attempts.map(attempt => attemptOf(attempt, rules))
  return present({
    id: record.id,
    time: Math.round(epoch + endedAt - duration / 1000),
    method: text('method', record.method),
    path: text('path', record.path),
    query: shownQuery(rules, record.query),
    protocol: `HTTP/${record.protocol}`,
    route: text('route', record.route),
    status: record.status,
    grpcStatus: record.grpcStatus < 0 ? undefined : grpcStatusName(record.grpcStatus),
    reason: text('code', record.reason),
    fault: text('fault', record.fault),
    policy: text('policy', record.policy),
    clientIp: text('clientIp', record.clientIp),
    upstream: text('upstream', record.upstream),
    target: text('target', attempts.at(-1)?.target),
    attempts: tries,
    attemptsLeftOut: tried > attempts.length ? tried - attempts.length : undefined,
    bytesIn: record.bytesIn,
    bytesOut: record.bytesOut < 0 ? undefined : record.bytesOut,
    durationMs: duration / 1000,
    upstreamMs: attempts.length === 0 || tried > attempts.length ? undefined : waitedFor(attempts, duration) / 1000,
    traceId: text('traceId', record.traceId),
    sampled: record.sampled,
    generation: record.generation,
    thread
  }) as unknown as RequestView
}

function attemptOf (attempt: AttemptRecord, rules: ShownFields): AttemptView {
  const { target, kind, started, sent, answered, ended, status, failure } = attempt
  const at = (time: number): number | undefined => time < 0 ? undefined : time / 1000
  return present({
    target: shown(rules, 'target', target),
    kind,
    started: at(started),
    sent: at(sent),
    answered: at(answered),
    ended: at(ended),
    status: status === 0 ? undefined : status,
    failure
  }) as unknown as AttemptView
}

/** Until the headers of the responses, in microseconds; what had neither answered nor ended waited to the `end` of the exchange. */
function waitedFor (attempts: readonly AttemptRecord[], end: number): number {
  let sum = 0
  for (const { started, answered, ended } of attempts) sum += (answered >= 0 ? answered : ended >= 0 ? ended : end) - started
  return sum
}

/** Without the members that have no value. */
function present (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
