/** The times of one exchange as a waterfall. */

import { failureGroups } from '../../../src/transport/index.ts'
import type { AttemptView, RequestView } from './requests-view.ts'

/** Milliseconds: when it began, from the beginning of the exchange, and how long it took. */
export interface Span {
  /** `request`, `before`, `pause`, `attempt`, `send`, `wait`, `receive` or `after`. */
  readonly name: string
  /** 0 for the exchange, 1 for its parts, 2 for parts of an attempt. */
  readonly level: number
  readonly start: number
  readonly duration: number
  /** Index of the attempt that it is about. */
  readonly attempt?: number
}

/** The spans, in the order in which they began; those of an attempt follow it. */
export function spansOf ({ attempts, attemptsLeftOut, durationMs }: RequestView): Span[] {
  const spans: Span[] = [span('request', 0, 0, durationMs)]
  const [first] = attempts
  if (first === undefined) return spans
  spans.push(span('before', 1, 0, first.started))
  for (const [index, attempt] of attempts.entries()) {
    const before = attempts[index - 1]
    // Where attempts are left out in between, that time was no pause.
    const gap = attemptsLeftOut !== undefined && index === attempts.length - 1
    if (before?.ended !== undefined && attempt.started > before.ended && !gap) {
      spans.push(span('pause', 1, before.ended, attempt.started, index))
    }
    spans.push(...spansOfAttempt(attempt, index, durationMs))
  }
  const last = Math.max(...attempts.map(({ ended = durationMs }) => ended))
  if (last < durationMs) spans.push(span('after', 1, last, durationMs))
  return spans
}

/** Failures before there was a connection: nothing was sent. */
const unsent: readonly string[] = failureGroups.connect

/** What had not ended when the exchange did is shown to its end. */
function spansOfAttempt ({ started, sent, answered, ended: end, failure = '' }: AttemptView, index: number, durationMs: number): Span[] {
  const ended = end ?? Math.max(durationMs, started)
  if (unsent.includes(failure)) return [span('attempt', 1, started, ended, index)]
  // An answer may come before all of the request is sent.
  const sending = sent === undefined ? answered ?? ended : Math.min(sent, answered ?? ended)
  return [
    span('attempt', 1, started, ended, index),
    span('send', 2, started, sending, index),
    ...sent === undefined ? [] : [span('wait', 2, sending, answered ?? ended, index)],
    ...answered === undefined ? [] : [span('receive', 2, answered, ended, index)]
  ]
}

function span (name: string, level: number, from: number, to: number, attempt?: number): Span {
  const duration = Math.round(Math.max(0, to - from) * 1000) / 1000
  return { name, level, start: from, duration, ...attempt === undefined ? {} : { attempt } }
}
