/** Events of the span of an exchange: attempts after the first, and the error that ended it. */

import type { TimedEvent } from '@opentelemetry/sdk-trace'
import type { Attempt } from '../../../src/index.ts'
import { hrTime } from './recorded-span.ts'

/** Most characters of a message. */
const longest = 1024

/** `retry`, `hedge` and `fallback`, each with what went wrong before. */
export function extraEvents (attempts: readonly Attempt[], offset: number): TimedEvent[] {
  return attempts.slice(1).map((attempt, index) => {
    const before = attempts[index]!
    const reason = attempt.kind === 'hedge' ? 'slow' : before.failure?.code ?? (
      before.statusCode === undefined ? undefined : `status ${before.statusCode}`
    )
    return {
      time: hrTime(attempt.startedAt + offset),
      name: attempt.kind,
      attributes: {
        'onedoor.attempt': index + 2,
        'onedoor.target': attempt.target.url,
        ...(reason === undefined ? {} : { 'onedoor.reason': reason })
      }
    }
  })
}

/** An `exception`, without its stack: that is in the log. */
export function exceptionEvent (cause: unknown, at: number): TimedEvent {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return {
    time: hrTime(at),
    name: 'exception',
    attributes: {
      'exception.type': (error as NodeJS.ErrnoException).code ?? error.name,
      'exception.message': error.message.slice(0, longest)
    }
  }
}
