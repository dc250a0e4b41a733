/** One exchange that is over, as it is kept. A record is used again for a later one, so keeping an exchange makes no garbage that lives. */

import { askedPath, type Attempt, type AttemptKind, type Exchange } from '../../../src/index.ts'
import type { ShownFields } from './requests-shown.ts'

/** The most characters of a path or a query that are kept. */
export const longestText = 1024

/** The most attempts of an exchange that are kept: the first ones, and the last. */
export const mostAttempts = 8

/** What is the same for all exchanges of a generation. */
export interface KeepRules {
  readonly shown: ShownFields
  /** Whether bytes of responses are counted. The access log does that. */
  readonly countsBytes: boolean
}

/** One attempt. Times are microseconds from the beginning of its exchange, -1 for never. */
export class AttemptRecord {
  target = ''
  kind: AttemptKind = 'first'
  started = -1
  sent = -1
  answered = -1
  ended = -1
  /** 0 for none. */
  status = 0
  failure: string | undefined

  fill ({ target, kind, startedAt, sentAt, answeredAt, endedAt, statusCode, failure }: Attempt, beginning: number): void {
    this.target = target.url
    this.kind = kind
    this.started = microseconds(startedAt - beginning)
    this.sent = sentAt === undefined ? -1 : microseconds(sentAt - beginning)
    this.answered = answeredAt === undefined ? -1 : microseconds(answeredAt - beginning)
    this.ended = endedAt === undefined ? -1 : microseconds(endedAt - beginning)
    this.status = statusCode ?? 0
    this.failure = failure?.code
  }
}

export class RequestRecord {
  rules!: KeepRules
  id = ''
  method = ''
  path = ''
  query = ''
  protocol = ''
  route: string | undefined
  status = 0
  /** -1 where it was no call of gRPC. */
  grpcStatus = -1
  reason: string | undefined
  fault: string | undefined
  policy: string | undefined
  clientIp = ''
  upstream: string | undefined
  traceId: string | undefined
  /** Whether its trace was marked as sampled. */
  sampled = false
  generation = 0
  bytesIn = 0
  /** -1 where they were not counted. */
  bytesOut = -1
  /** How long it took, in microseconds. */
  duration = 0
  /** When it ended, in milliseconds of the monotonic clock. */
  endedAt = 0
  /** How many attempts were made; `attempts` has the first of them, and the last. */
  tried = 0
  readonly attempts: AttemptRecord[] = []

  /** Takes over what is known of an exchange that ended at `now`. Keeps none of its objects, which hold much more. */
  fill (exchange: Exchange, status: number, now: number, generation: number, rules: KeepRules): void {
    const { attempts, query, reason, startedAt, trace } = exchange
    const path = askedPath(exchange)
    const long = path.length + query.length > longestText
    this.rules = rules
    this.id = exchange.id
    this.method = exchange.method
    this.path = long ? copied(path) : path
    this.query = rules.shown.parameters === undefined ? '' : long ? copied(query) : query
    this.protocol = exchange.httpVersion
    this.route = exchange.route?.name
    this.status = status
    this.grpcStatus = exchange.grpcStatus ?? -1
    this.reason = reason?.code
    this.fault = reason?.fault
    this.policy = exchange.refusedBy
    this.clientIp = exchange.clientIp
    this.upstream = exchange.upstream?.name
    this.traceId = trace?.traceId
    this.sampled = trace !== undefined && (trace.flags & 1) === 1
    this.generation = generation
    this.bytesIn = exchange.bytesIn
    this.bytesOut = rules.countsBytes || exchange.isTunnel ? exchange.bytesOut : -1
    this.duration = microseconds(now - startedAt)
    this.endedAt = now
    const tried = this.tried = attempts.length
    const kept = tried > mostAttempts ? mostAttempts : tried
    for (let index = 0; index < kept; index++) {
      if (index === this.attempts.length) this.attempts.push(new AttemptRecord())
      this.attempts[index]!.fill(attempts[index === kept - 1 ? tried - 1 : index]!, startedAt)
    }
  }
}

/** A span of milliseconds in whole microseconds: small integers are stored in place, other numbers in an object of their own. */
function microseconds (span: number): number {
  return span > 0 ? Math.floor(span * 1000 + 0.5) : 0
}

/** The beginning of a text, as a text of its own: a part of a text keeps all of it in memory. */
function copied (text: string): string {
  return text.length > longestText ? Buffer.from(`${text.slice(0, longestText)}…`).toString() : Buffer.from(text).toString()
}
