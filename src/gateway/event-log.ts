/** The log lines of events: the one place that says which events are logged, at which level and in which words. */

import type { FastifyBaseLogger } from 'fastify'
import type { EventFact, EventFields, EventType } from '../contract/events.ts'

/** A line has the fields of the event, without those in `without`, and `err` where there is an error behind it. */
interface Line<T extends EventType> {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly without?: readonly (keyof EventFields[T])[]
}

/** Undefined where an event has no line, or where its line is written by the code that emits it. */
export const eventLines: { readonly [T in EventType]: Line<T> | undefined } = {
  'gateway-started': undefined,
  'listeners-changed': { level: 'info', message: 'listeners changed' },
  'configuration-warning': undefined,
  'configuration-reloaded': { level: 'info', message: 'configuration reloaded' },
  'configuration-restored': { level: 'warn', message: 'an earlier configuration serves again' },
  'configuration-refused': { level: 'error', message: 'invalid configuration, keeping the old one' },
  'restart-needed': { level: 'warn', message: 'these keys take effect after a restart only' },
  'wait-given-up': { level: 'warn', message: 'serving before all plugins are ready' },
  'policy-file-reloaded': { level: 'info', message: 'file has changed and is in use' },
  'policy-file-refused': { level: 'error', message: 'file has changed and cannot be used, the last good one stays' },
  'log-level-changed': { level: 'info', message: 'log level changed' },
  'maintenance-started': { level: 'warn', message: 'maintenance started' },
  'maintenance-ended': { level: 'info', message: 'maintenance ended' },
  'operator-logged-in': { level: 'info', message: 'operator logged in' },
  'operator-logged-out': { level: 'info', message: 'operator logged out' },
  'login-refused': { level: 'warn', message: 'login with a wrong token' },
  'shutdown-started': { level: 'info', message: 'shutdown signal received' },
  'drain-started': { level: 'info', message: 'draining connections' },
  'requests-cut': { level: 'warn', message: 'requests were cut' },
  'old-requests-cut': { level: 'warn', message: 'requests of an earlier configuration were cut' },
  'shutdown-complete': { level: 'info', message: 'shutdown complete' },
  'circuit-opened': { level: 'warn', message: 'circuit opened' },
  'circuit-half-open': { level: 'info', message: 'circuit half-open' },
  'circuit-closed': { level: 'info', message: 'circuit closed' },
  'circuit-set': { level: 'warn', message: 'circuit set by an operator' },
  'target-unhealthy': { level: 'warn', message: 'target unhealthy' },
  'target-healthy': { level: 'info', message: 'target healthy' },
  'target-unreachable': { level: 'warn', message: 'target unreachable' },
  'target-reachable': { level: 'info', message: 'target reachable' },
  'target-drained': { level: 'info', message: 'target drained' },
  'target-undrained': { level: 'info', message: 'target undrained' },
  'targets-changed': { level: 'info', message: 'targets changed', without: ['added', 'removed'] },
  'discovery-failed': { level: 'warn', message: 'targets cannot be looked up, keeping those known' },
  'discovery-recovered': { level: 'info', message: 'targets can be looked up again' },
  'name-lookup-failed': { level: 'warn', message: 'a name cannot be looked up' },
  'name-lookup-recovered': { level: 'info', message: 'a name can be looked up again' },
  'identity-service-unavailable': undefined,
  'identity-service-available': undefined,
  'limit-store-unavailable': { level: 'warn', message: 'rate limit store does not respond' },
  'limit-store-available': { level: 'info', message: 'rate limit store responds again' },
  'limit-reached': undefined,
  'limit-reset': { level: 'info', message: 'limit reset' },
  'event-loop-overloaded': { level: 'warn', message: 'event loop overloaded' },
  'event-loop-calm': { level: 'info', message: 'event loop calm again' },
  'certificates-changed': { level: 'info', message: 'certificates have changed and are in use' },
  'certificates-refused': { level: 'error', message: 'certificates have changed and cannot be used, the last good ones stay' },
  'certificate-expiring': { level: 'warn', message: 'certificate is about to expire' },
  'client-authorities-changed': { level: 'info', message: 'other client certificates are trusted' },
  'accept-failed': undefined,
  'open-files-short': { level: 'warn', message: 'clients may use up the files that the process may open' },
  'log-lines-lost': { level: 'warn', message: 'standard output takes lines again' },
  'access-log-failed': { level: 'error', message: 'access log cannot be written' },
  'access-log-not-reopened': { level: 'error', message: 'access log cannot be opened anew, going on in the old file' },
  'access-log-recovered': { level: 'warn', message: 'access log is written again' },
  'trace-export-failed': { level: 'warn', message: 'spans cannot be exported' },
  'trace-export-recovered': { level: 'info', message: 'spans are exported again' },
  'certificate-issued': { level: 'info', message: 'certificate issued' },
  'certificate-renewed': { level: 'info', message: 'certificate renewed' },
  'certificate-taken-over': { level: 'info', message: 'certificate of another gateway is in use' },
  'certificate-not-issued': { level: 'error', message: 'certificate not issued, trying again' },
  'thread-died': { level: 'error', message: 'a thread has died' },
  'thread-replaced': { level: 'info', message: 'a thread was replaced' },
  'thread-silent': { level: 'error', message: 'a thread is silent' },
  'thread-heard': { level: 'warn', message: 'a silent thread is heard again' },
  // Says its words and its level itself.
  'plugin': undefined
}

/** Names of all types of events. */
export const eventTypes = Object.keys(eventLines) as readonly EventType[]

/** Writes the line of an event, if it has one. @param by in which thread it happened, where there are several */
export function logEvent (log: FastifyBaseLogger, fact: EventFact, cause: unknown, by: { readonly thread?: number } = {}): void {
  if (fact.type === 'plugin') {
    const { plugin, message, level = 'info', data } = fact
    log[level]({ plugin, ...data, ...by, ...errorOf(cause) }, message)
    return
  }
  const line = eventLines[fact.type]
  if (line === undefined) return
  const hidden: readonly string[] = ['type', ...line.without ?? []]
  const fields = Object.fromEntries(Object.entries(fact).filter(([name]) => !hidden.includes(name)))
  log[line.level]({ ...fields, ...by, ...errorOf(cause) }, line.message)
}

function errorOf (cause: unknown): { readonly err?: unknown } {
  return cause === undefined ? {} : { err: cause }
}
