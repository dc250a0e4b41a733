/** A target: one origin of an upstream, its gates and its load. */

import type { Dispatcher } from 'undici'
import type { Attempt, Outcome } from './attempt.ts'
import type { Gate } from './gate.ts'
import type { Upstream } from './upstream.ts'
import type { TargetSettings } from '../config/types.ts'

/** What is open at a target right now. Lives in a lease: a reload forgets no attempt. */
export interface Load {
  /** Attempts entered and not yet settled, streams included. */
  active: number
  /** When it joined a running upstream, or opened after a gate had closed it; -Infinity for one that was there from the start. Monotonic milliseconds. */
  openedAt: number
  /** Whether a gate was closed when it was last looked at. */
  closed: boolean
}

/** What a target is made from. */
export interface TargetOptions {
  readonly upstream: Upstream
  /** Origin such as `http://10.0.0.7:3000`. */
  readonly origin: string
  /** Path in front of every forwarded path, without a trailing slash; '' for none. */
  readonly basePath: string
  /** Share of the traffic, relative to the other targets; 0 drains it. */
  readonly weight: number
  /** As it stands in the file, with the keys that plugins declare for targets. */
  readonly config: TargetSettings
  readonly load: Load
  /** The connections to it. Undefined in a rehearsal, which never sends. */
  readonly dispatcher: Dispatcher | undefined
}

export class Target {
  readonly upstream: Upstream
  readonly origin: string
  readonly basePath: string
  /** Origin and base path as the user wrote them, and the `target` label of logs and metrics. */
  readonly url: string
  /** Host name of the origin, for TLS. */
  readonly serverName: string
  readonly weight: number
  readonly config: TargetSettings
  readonly load: Load
  readonly dispatcher: Dispatcher | undefined
  readonly gates: Gate[] = []

  constructor (options: TargetOptions) {
    this.upstream = options.upstream
    this.origin = options.origin
    this.basePath = options.basePath
    this.url = options.origin + options.basePath
    this.serverName = new URL(options.origin).hostname
    this.weight = options.weight
    this.config = options.config
    this.load = options.load
    this.dispatcher = options.dispatcher
  }

  /** The first gate that is closed at `now`; those that fail open are passed over when `overrule` is set. */
  closedBy (now: number, overrule: boolean): Gate | undefined {
    for (const gate of this.gates) {
      if (!gate.permits(now) && !(overrule && gate.failOpen === true)) {
        this.load.closed = true
        return gate
      }
    }
    if (this.load.closed && !overrule) {
      this.load.closed = false
      this.load.openedAt = now
    }
    return undefined
  }

  /** Lets an attempt in. It must be settled, exactly once, by {@link settle}. */
  enter (attempt: Attempt, now: number): void {
    this.load.active++
    for (let index = 0; index < this.gates.length; index++) attempt.tickets[index] = this.gates[index]!.enter?.(now) ?? 0
  }

  /** The head of the answer is there. */
  answered (attempt: Attempt, now: number): void {
    for (let index = 0; index < attempt.tickets.length; index++) this.gates[index]!.answered?.(attempt, attempt.tickets[index]!, now)
  }

  /** The one report of an attempt: breaker, health, balancer, metrics all hear it here. A second call is ignored. */
  settle (attempt: Attempt, outcome: Outcome, now: number): void {
    if (attempt.outcome !== undefined) return
    attempt.outcome = outcome
    attempt.endedAt = now
    this.load.active--
    for (let index = 0; index < attempt.tickets.length; index++) this.gates[index]!.settle?.(attempt, attempt.tickets[index]!, now)
    for (const observe of this.upstream.observers) observe(attempt, now)
  }
}
