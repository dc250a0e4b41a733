/** The spans of a request as bars of a waterfall. Pure. */

import { hostOf } from '../parts/exchange.js'

const labels = {
  request: 'Whole request',
  before: 'Before the first attempt',
  send: 'Send the request',
  wait: 'Wait for the response',
  receive: 'Receive the response',
  pause: 'Pause before the retry',
  after: 'After the last attempt'
}

/**
 * One bar a span. `left` and `width` are percent of the whole; `tone` is `whole`, `own` for time of the gateway, `attempt`, `failed`, or
 * `part` of an attempt.
 *
 * @param {{ spans: object[], attempts: object[], attemptsLeftOut?: number }} story as `GET /requests/ID` tells it
 */
export function barsOf ({ spans, attempts, attemptsLeftOut = 0 }) {
  const whole = Math.max(...spans.map(({ start, duration }) => start + duration))
  const share = value => whole === 0 ? 0 : Math.round(value / whole * 100_000) / 1000
  return spans.map(({ name, level, start, duration, attempt: index }) => {
    const attempt = attempts[index]
    const number = index + 1 + (index === attempts.length - 1 ? attemptsLeftOut : 0)
    return {
      label: labels[name] ?? `Attempt ${number}${attempt.target === undefined ? '' : ` at ${hostOf(attempt.target)}`}`,
      level,
      start,
      duration,
      left: share(start),
      width: share(duration),
      tone: level === 0 ? 'whole' : name === 'attempt' ? attempt.failure === undefined ? 'attempt' : 'failed' : level === 2 ? 'part' : 'own'
    }
  })
}
