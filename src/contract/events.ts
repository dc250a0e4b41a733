/**
 * Events: what happens in the gateway, as log, admin listener and plugins read it.
 * `docs/reference/events.md` is made from the comments of this file.
 */

import type { LogLevel } from '../logging/log-levels.ts'
import type { OperatorRole, Signature } from './operator.ts'

/** One target of an upstream, by the names that logs and metrics use. */
interface TargetName {
  readonly upstream: string
  readonly target: string
}

/** A source of targets, such as `dns http://users.internal:3000`. */
interface SourceName {
  readonly upstream: string
  readonly source: string
}

/** A certificate that the gateway requests itself: its hosts, and the URL of the directory. */
interface CertificateName {
  readonly hosts: readonly string[]
  readonly directory: string
}

/** How much a thread sheds: `level` priorities, which are in `shed`, after a delay of `delayMs`. */
interface LoopLevel {
  readonly thread?: number
  readonly level: number
  readonly delayMs: number
  readonly shed: readonly string[]
}

/** What asked for a reload, and who, where it was an operator. */
interface ReloadAsked extends Partial<Signature> {
  readonly trigger: string
  readonly reason?: string | undefined
}

/** The types of events and the fields of each. */
export interface EventFields {
  /** The gateway has opened its listeners. */
  'gateway-started': { readonly proxy: string, readonly listeners: readonly string[], readonly admin: string | undefined }
  /** A reload has opened listeners for clients, or closed them. Requests on closed ones still get their responses. */
  'listeners-changed': { readonly opened: readonly string[], readonly closed: readonly string[] }
  /** The configuration that has taken over has a warning. */
  'configuration-warning': { readonly warning: string }
  /** A new configuration has taken over. `trigger` is `file`, `admin`, `SIGHUP`, `program` or `restore`; `by` is there for an operator. */
  'configuration-reloaded': ReloadAsked & { readonly generation: number, readonly routes: number }
  /** An earlier configuration serves again, because an operator asked for it; `restores` is its number in `GET /reloads`. */
  'configuration-restored': Signature & { readonly restores: number, readonly reason: string | undefined, readonly until: string }
  /** A new configuration was rejected; the one before it serves on. */
  'configuration-refused': ReloadAsked & { readonly problems: readonly string[] }
  /** A reload changed keys that take effect after a restart only. */
  'restart-needed': { readonly keys: readonly string[] }
  /** The gateway serves without something that a plugin waits for, such as the keys of an issuer. */
  'wait-given-up': { readonly waiting: readonly string[] }
  /** The file of a policy has changed and is in use. */
  'policy-file-reloaded': { readonly policy: string, readonly file: string }
  /** The file of a policy has changed and has problems; its last good version stays in use. */
  'policy-file-refused': { readonly policy: string, readonly file: string, readonly problems: readonly string[] }
  /** The level of the log was changed through the admin listener, or by a plugin: then there is no `by`. */
  'log-level-changed': Partial<Signature> & { readonly from: LogLevel, readonly to: LogLevel }
  /** An operator has switched maintenance on: requests get a 503. */
  'maintenance-started': Signature & { readonly reason: string | undefined }
  /** An operator has switched maintenance off. */
  'maintenance-ended': Signature & { readonly reason: string | undefined }
  /** Somebody has logged in on the admin listener, from the address `by`. */
  'operator-logged-in': { readonly by: string, readonly role: OperatorRole }
  /** Somebody has logged out on the admin listener. Not emitted when the time of a session ends. */
  'operator-logged-out': { readonly by: string, readonly role: OperatorRole }
  /** Somebody has tried to log in on the admin listener with a wrong token. */
  'login-refused': { readonly by: string }
  /** A signal to stop has come. `/readyz` responds with 503 from here on. */
  'shutdown-started': Readonly<Record<never, never>>
  /** The gateway accepts no more connections and waits for the requests in flight. Streams of events end here. */
  'drain-started': { readonly inFlight: number }
  /** Requests were not done when the time of the shutdown ended, and were cut. */
  'requests-cut': { readonly cut: number }
  /** Requests of an earlier configuration were not done in time, and were cut. */
  'old-requests-cut': { readonly cut: number }
  /** The shutdown is complete. */
  'shutdown-complete': Readonly<Record<never, never>>
  /** The circuit breaker of a target opened. `reason` is the label of `gateway_circuit_opened_total`; `why` has the numbers. */
  'circuit-opened': TargetName & { readonly reason: string, readonly why: string | undefined }
  /** The circuit breaker lets a few requests try the target. */
  'circuit-half-open': TargetName & { readonly why: string | undefined }
  /** The circuit breaker lets all requests through again. */
  'circuit-closed': TargetName & { readonly why: string | undefined }
  /** An operator has opened or closed the breaker of a target (`state`), until a time where it is open. */
  'circuit-set': TargetName & Signature & {
    readonly state: 'open' | 'closed'
    readonly reason: string | undefined
    readonly until: string | undefined
  }
  /** A check has found a target unhealthy. `check` is `active`, `passive` or `outliers`; an outlier is ejected. */
  'target-unhealthy': TargetName & { readonly check: string, readonly why: string | undefined }
  /** A check has found a target healthy again; an outlier has returned. */
  'target-healthy': TargetName & { readonly check: string, readonly why: string | undefined }
  /** No connection to a target could be opened. `why` is a code of [errors](errors.md). */
  'target-unreachable': TargetName & { readonly why: string }
  /** A connection to a target could be opened again. */
  'target-reachable': TargetName
  /** An operator keeps requests away from a target. `until` is absent without a time limit. */
  'target-drained': TargetName & Signature & { readonly reason: string | undefined, readonly until: string | undefined }
  /** An operator lets requests go to a target again. Not emitted when the time of a drain ends. */
  'target-undrained': TargetName & Signature & { readonly reason: string | undefined }
  /** Discovery has found other targets than before: all that there are now, and which of them came and went. */
  'targets-changed': SourceName & {
    readonly targets: readonly string[]
    readonly added: readonly string[]
    readonly removed: readonly string[]
  }
  /** Discovery failed; the targets that are known stay. */
  'discovery-failed': SourceName & { readonly why: string }
  /** Discovery works again. */
  'discovery-recovered': SourceName
  /** A host name cannot be looked up; its last known addresses stay in use. */
  'name-lookup-failed': { readonly name: string, readonly why: string }
  /** A host name can be looked up again. */
  'name-lookup-recovered': { readonly name: string }
  /** The service that a policy asks about credentials, or for keys, does not respond. */
  'identity-service-unavailable': { readonly policy: string }
  /** The service that a policy asks responds again. */
  'identity-service-available': { readonly policy: string }
  /** The Redis of a rate limit does not respond. `instead` says what happens to requests. */
  'limit-store-unavailable': { readonly policy: string, readonly instead: string }
  /** The Redis of a rate limit responds again. `gateways` is the number of gateways that share it. */
  'limit-store-available': { readonly policy: string, readonly gateways: number }
  /** A limit rejects requests after a minute or more in which it rejected none. `limit` is `rate`, `concurrency` or `connections`. */
  'limit-reached': { readonly limit: string, readonly policy?: string, readonly route?: string | undefined, readonly upstream?: string }
  /** An operator has given a key of a rate limit all its units back. `key` is what `/limits` shows. */
  'limit-reset': Signature & { readonly policy: string, readonly key: string, readonly reason: string | undefined }
  /** The event loop lags, so requests of the priorities in `shed` are rejected: by this `thread`, where there are several. */
  'event-loop-overloaded': LoopLevel
  /** The event loop is fast enough again; nothing is rejected because of it. */
  'event-loop-calm': LoopLevel
  /** Certificates of a listener have changed and are in use for handshakes that begin from now on. `hosts` are those of the new ones. */
  'certificates-changed': { readonly listener: string, readonly hosts: readonly string[] }
  /** A certificate, key or list of authorities of a listener has changed and cannot be used; its last good version stays in use. */
  'certificates-refused': { readonly listener: string, readonly problems: readonly string[] }
  /** A certificate is in the last quarter of its life, and expires within three weeks. Once a day for each certificate. */
  'certificate-expiring': { readonly listener: string, readonly hosts: readonly string[], readonly until: string }
  /** A listener trusts other client certificates. `closed` connections with a certificate take no further requests. */
  'client-authorities-changed': { readonly listener: string, readonly closed: number }
  /** Connections cannot be accepted, as when file descriptors run out. At most once a minute. */
  'accept-failed': { readonly listener: string, readonly times: number }
  /** `server.limits.connections` is so high that clients may use up the files that the process may open. */
  'open-files-short': { readonly connections: number, readonly openFiles: number | undefined }
  /** Standard output takes log lines again after it had to drop some. */
  'log-lines-lost': { readonly lost: number }
  /** The file of the access log cannot be written. */
  'access-log-failed': { readonly output: string }
  /** The file of the access log cannot be opened again; the old one stays in use. */
  'access-log-not-reopened': { readonly output: string }
  /** The file of the access log is written again after lines were lost. */
  'access-log-recovered': { readonly output: string, readonly lost: number }
  /** Spans cannot be exported. */
  'trace-export-failed': { readonly collector: string, readonly why: string }
  /** Spans are exported again. */
  'trace-export-recovered': { readonly collector: string }
  /** A certificate for these hosts was issued by the directory of a certificate authority. `until` is when it ends. */
  'certificate-issued': CertificateName & { readonly until: string }
  /** A certificate was renewed, and is in use for new connections. */
  'certificate-renewed': CertificateName & { readonly until: string }
  /** A certificate is in use that another gateway has put into the folder of `tls.acme`. */
  'certificate-taken-over': CertificateName & { readonly until: string }
  /** A certificate was not issued. `problem` is the type of the problem that the directory reports; `next` is when it is tried again. */
  'certificate-not-issued': CertificateName & { readonly why: string, readonly problem: string | undefined, readonly next: string }
  /** A thread that serves clients has died, and its connections with it. It is replaced after so long; never where that is absent. */
  'thread-died': { readonly thread: number, readonly why: string, readonly replacedAfterMs: number | undefined }
  /** Another thread serves in place of one that died. */
  'thread-replaced': { readonly thread: number }
  /** The event loop of a thread has not turned for as long as `server.silentThread.after` says. */
  'thread-silent': { readonly thread: number }
  /** A thread that was silent is heard again. */
  'thread-heard': { readonly thread: number }
  /** An event of a plugin. */
  'plugin': {
    readonly plugin: string
    readonly message: string
    readonly level?: 'info' | 'warn' | 'error'
    readonly data?: Readonly<Record<string, unknown>>
  }
}

/** Name of a type of event. */
export type EventType = keyof EventFields

/** What is emitted: the type and its fields, plain data without functions. `type` tells the members of the union apart. */
export type EventFact = { [T in EventType]: { readonly type: T } & EventFields[T] }[EventType]

/** What the stream adds to every event. */
export interface EventStamp {
  /** Counts up by one with every event, from 1 at the start of the process. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly time: number
  /** Number of the configuration that served when it happened; 0 while the first one is being built. */
  readonly generation: number
  /** Number of the thread in which it happened, where that is one of several that serve clients. */
  readonly thread?: number
  /** Message of the error behind it, if there is one. */
  readonly error?: string
}

/** An event as it is kept and delivered: without the secrets of the configuration, lists and texts of bounded length. */
export type GatewayEvent = EventFact & EventStamp

/** Called with every event, at once. An error that it throws is logged and has no other effect. */
export type EventListener = (event: GatewayEvent) => void

/** `app.gateway.events`: the stream of events of the gateway. In a rehearsal it does nothing. */
export interface GatewayEvents {
  /**
   * Adds an event. Costs nothing that matters as long as it is not called for each request. May be kept in a resource.
   * @param cause the error behind it: its message becomes `error`, the log has all of it
   */
  emit (fact: EventFact, cause?: unknown): void
  /**
   * Calls `listener` for every event while this generation serves, so that a reload delivers no event twice.
   * A listener is not called for what it emits itself. Of a gateway with several threads the listener in the control thread hears the
   * events of all threads, and those of the data threads hear none: what every thread has to know goes through `learn` of a task.
   * @returns ends it; the gateway does so by itself when the generation stops serving
   * @throws Error when the generation has too many listeners
   */
  subscribe (listener: EventListener): () => void
  /** The latest events of all threads, the oldest first. In a data thread, one that was just emitted appears a moment later. */
  recent (): readonly GatewayEvent[]
}
